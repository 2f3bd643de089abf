// Each loss against PyTorch.

#include "engine/losses/adversarial.hpp"
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

TEST_CASE("golden: adversarial losses") {
  const Floats outputs = golden::values(1, kCount, 5.0f);
  Floats gradient = poison(kCount);
  const auto on_real = [&](AdversarialLoss loss, float label) {
    return discriminator_loss_on_real(gradient.data(), outputs.data(), kCount, loss, label);
  };
  const auto on_fake = [&](AdversarialLoss loss) {
    return discriminator_loss_on_fake(gradient.data(), outputs.data(), kCount, loss);
  };
  const auto of_generator = [&](AdversarialLoss loss) {
    return generator_loss(gradient.data(), outputs.data(), kCount, loss);
  };
  for (const AdversarialLoss loss : {AdversarialLoss::kMinimax, AdversarialLoss::kNonSaturating}) {
    check_loss(on_real(loss, 0.9f), gradient, golden::logits_on_real_loss,
               golden::logits_on_real_gradient);
    check_loss(on_fake(loss), gradient, golden::logits_on_fake_loss,
               golden::logits_on_fake_gradient);
  }
  check_loss(of_generator(AdversarialLoss::kMinimax), gradient, golden::minimax_generator_loss,
             golden::minimax_generator_gradient);
  check_loss(of_generator(AdversarialLoss::kNonSaturating), gradient,
             golden::non_saturating_generator_loss, golden::non_saturating_generator_gradient);

  constexpr AdversarialLoss squares = AdversarialLoss::kLeastSquares;
  check_loss(on_real(squares, 0.9f), gradient, golden::least_squares_on_real_loss,
             golden::least_squares_on_real_gradient);
  check_loss(on_fake(squares), gradient, golden::least_squares_on_fake_loss,
             golden::least_squares_on_fake_gradient);
  check_loss(of_generator(squares), gradient, golden::least_squares_generator_loss,
             golden::least_squares_generator_gradient);

  constexpr AdversarialLoss hinge = AdversarialLoss::kHinge;
  check_loss(on_real(hinge, 1.0f), gradient, golden::hinge_on_real_loss,
             golden::hinge_on_real_gradient);
  check_loss(on_fake(hinge), gradient, golden::hinge_on_fake_loss, golden::hinge_on_fake_gradient);
  check_loss(of_generator(hinge), gradient, golden::hinge_generator_loss,
             golden::hinge_generator_gradient);
}

}  // namespace kernelgarten::test
