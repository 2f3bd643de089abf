#include "engine/train/objective.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/reference.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

const Floats kOutputs{0.2f, 0.7f, 0.1f, 0.6f, 0.3f, 0.1f};
const std::vector<std::int32_t> kLabels{1, 2};
const Doubles kOneHot{0, 1, 0, 0, 0, 1};

float loss_of(Loss loss) {
  Objective objective(loss, 4, 3);
  Floats gradient = poison(6);
  // Other labels first: nothing of them must be left.
  objective.compute(gradient.data(), kOutputs.data(), std::vector<std::int32_t>{0, 0});
  const float value = objective.compute(gradient.data(), kOutputs.data(), kLabels);
  for (const float element : gradient) CHECK(std::isfinite(element));
  return value;
}

Floats probabilities_of(Loss loss) {
  Floats out = poison(6);
  Objective(loss, 2, 3).probabilities(out.data(), kOutputs.data(), 2);
  return out;
}

Doubles sigmoids(const Floats& values) {
  Doubles out;
  for (const float value : values) out.push_back(reference::sigmoid(static_cast<double>(value)));
  return out;
}

}  // namespace

TEST_CASE("objective: labels become one-hot targets where the loss compares outputs") {
  CHECK(loss_of(Loss::kSoftmaxCrossEntropy) ==
        doctest::Approx(reference::softmax_cross_entropy(widen(kOutputs), kLabels)));
  CHECK(loss_of(Loss::kBinaryCrossEntropy) ==
        doctest::Approx(reference::binary_cross_entropy(widen(kOutputs), kOneHot)));
  CHECK(loss_of(Loss::kBinaryCrossEntropyWithLogits) ==
        doctest::Approx(reference::binary_cross_entropy(sigmoids(kOutputs), kOneHot)));
  CHECK(loss_of(Loss::kMeanSquaredError) ==
        doctest::Approx(reference::mean_squared_error(widen(kOutputs), kOneHot)));
}

TEST_CASE("objective: probabilities") {
  check_close(probabilities_of(Loss::kSoftmaxCrossEntropy), reference::softmax(widen(kOutputs), 3),
              1e-6);
  check_close(probabilities_of(Loss::kBinaryCrossEntropyWithLogits), sigmoids(kOutputs), 1e-6);
  CHECK(probabilities_of(Loss::kBinaryCrossEntropy) == kOutputs);
  CHECK(probabilities_of(Loss::kMeanSquaredError) == kOutputs);
}

TEST_CASE("objective: the last layer must give what the loss is defined on") {
  const auto accepts = [](Loss loss, const char* type) {
    const auto message =
        message_of<InvalidArgument>([&] { Objective(loss, 1, 10).check_last_layer(type, "last"); });
    const bool accepted = message == doctest::Contains("nothing was thrown");
    CHECK((accepted || message == doctest::Contains("[last]")));
    return accepted;
  };
  CHECK(accepts(Loss::kSoftmaxCrossEntropy, "dense"));
  CHECK_FALSE(accepts(Loss::kSoftmaxCrossEntropy, "softmax"));
  CHECK_FALSE(accepts(Loss::kBinaryCrossEntropyWithLogits, "sigmoid"));
  CHECK_FALSE(accepts(Loss::kBinaryCrossEntropy, "dense"));
  CHECK(accepts(Loss::kBinaryCrossEntropy, "sigmoid"));
  CHECK(accepts(Loss::kBinaryCrossEntropy, "softmax"));
  for (const char* type : {"dense", "softmax", "tanh"}) {
    CHECK(accepts(Loss::kMeanSquaredError, type));
  }
}

TEST_CASE("objective: the first of equal outputs is the prediction") {
  const Floats outputs{1, 3, 3, 2};
  CHECK(predicted_class(outputs.data(), 4) == 1);
  CHECK(predicted_class(outputs.data(), 1) == 0);
}

}  // namespace kernelgarten::test
