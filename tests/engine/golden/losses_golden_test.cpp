// Each loss against PyTorch.

#include "engine/losses/losses.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"
#include "tests/golden/losses.hpp"

namespace kernelgarten::test {
namespace {

constexpr Index kBatch = 6, kOutputs = 10;
constexpr std::size_t kCount = 60;

void check_loss(float loss, const Floats& gradient, const double (&expected_loss)[1],
                const double (&expected_gradient)[kCount]) {
  CHECK(static_cast<double>(loss) == doctest::Approx(expected_loss[0]).epsilon(1e-6));
  check_close(gradient, Doubles(std::begin(expected_gradient), std::end(expected_gradient)), 1e-6);
}

}  // namespace

TEST_CASE("golden: losses") {
  const Floats targets = golden::values(2, kCount, 0.5f, 0.5f);
  const Floats logits = golden::values(1, kCount, 5.0f);
  Floats gradient = poison(kCount), probabilities = poison(kCount);

  const std::int32_t labels[kBatch] = {0, 3, 9, 9, 1, 5};
  const float cross_entropy = softmax_cross_entropy(gradient.data(), probabilities.data(),
                                                    logits.data(), labels, kBatch, kOutputs);
  check_loss(cross_entropy, gradient, golden::softmax_cross_entropy_loss,
             golden::softmax_cross_entropy_gradient);

  const Floats inner = golden::values(1, kCount, 0.49f, 0.5f);
  const float binary =
      binary_cross_entropy(gradient.data(), inner.data(), targets.data(), kBatch, kOutputs);
  check_loss(binary, gradient, golden::binary_cross_entropy_loss,
             golden::binary_cross_entropy_gradient);

  const float with_logits = binary_cross_entropy_with_logits(gradient.data(), logits.data(),
                                                             targets.data(), kBatch, kOutputs);
  check_loss(with_logits, gradient, golden::binary_cross_entropy_with_logits_loss,
             golden::binary_cross_entropy_with_logits_gradient);

  const Floats predictions = golden::values(1, kCount, 2.0f);
  const float squares =
      mean_squared_error(gradient.data(), predictions.data(), targets.data(), kBatch, kOutputs);
  check_loss(squares, gradient, golden::mean_squared_error_loss,
             golden::mean_squared_error_gradient);
}

}  // namespace kernelgarten::test
