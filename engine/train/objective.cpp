#include "engine/train/objective.hpp"

#include <algorithm>

#include "engine/losses/losses.hpp"
#include "engine/ops/softmax.hpp"
#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

Objective::Objective(Loss loss, Index max_batch, Index classes)
    : loss_(loss), classes_(classes), targets_(max_batch * classes) {}

void Objective::check_last_layer(const std::string& type, const std::string& name) const {
  const bool probabilities = type == "softmax" || type == "sigmoid";
  if (loss_ == Loss::kBinaryCrossEntropy) {
    check(probabilities, "[", name,
          "] the loss binary_cross_entropy expects probabilities, from a last layer sigmoid or "
          "softmax, got ",
          type, "; or choose binary_cross_entropy_with_logits");
  } else if (loss_ != Loss::kMeanSquaredError) {
    check(!probabilities, "[", name, "] the loss expects logits, but the last layer is ", type,
          "; leave it out, the loss applies it itself");
  }
}

float Objective::compute(float* d_outputs, const float* outputs,
                         std::span<const std::int32_t> labels) {
  const Index batch = static_cast<Index>(labels.size());
  if (loss_ == Loss::kSoftmaxCrossEntropy) {
    return softmax_cross_entropy(d_outputs, targets_.data(), outputs, labels.data(), batch,
                                 classes_);
  }
  std::fill_n(targets_.data(), batch * classes_, 0.0f);
  for (Index i = 0; i < batch; ++i) {
    targets_.data()[i * classes_ + labels[static_cast<std::size_t>(i)]] = 1.0f;
  }
  switch (loss_) {
    case Loss::kBinaryCrossEntropy:
      return binary_cross_entropy(d_outputs, outputs, targets_.data(), batch, classes_);
    case Loss::kBinaryCrossEntropyWithLogits:
      return binary_cross_entropy_with_logits(d_outputs, outputs, targets_.data(), batch, classes_);
    default:
      return mean_squared_error(d_outputs, outputs, targets_.data(), batch, classes_);
  }
}

void Objective::probabilities(float* out, const float* outputs, Index batch) const {
  const Index count = batch * classes_;
  if (loss_ == Loss::kSoftmaxCrossEntropy) {
    softmax_forward(out, outputs, batch, classes_);
  } else if (loss_ == Loss::kBinaryCrossEntropyWithLogits) {
    simd::map(out, outputs, count, [](auto x) { return simd::sigmoid(x); });
  } else {
    std::copy_n(outputs, count, out);
  }
}

Index predicted_class(const float* outputs, Index classes) {
  return std::max_element(outputs, outputs + classes) - outputs;
}

Index correct_predictions(const float* outputs, std::span<const std::int32_t> labels,
                          Index classes) {
  Index correct = 0;
  for (const std::int32_t label : labels) {
    correct += predicted_class(outputs, classes) == label ? 1 : 0;
    outputs += classes;
  }
  return correct;
}

}  // namespace kernelgarten
