#pragma once

#include <cstdint>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

// One rule for every loss: it returns the mean over the batch of one number per example, and
// writes the gradient of that mean. Losses over several outputs average over them.

/// Softmax and cross-entropy in one: -log softmax(logits[i])[label[i]], from the logits minus
/// their largest, so a shift shared by a row changes nothing. `probabilities` and `d_logits`
/// [batch, classes] are written; d_logits = (probabilities - one_hot(label)) / batch.
float softmax_cross_entropy(float* d_logits, float* probabilities, const float* logits,
                            const std::int32_t* labels, Index batch, Index classes);

/// Cross-entropy of independent yes/no outputs, on probabilities p in [0, 1] with targets t:
///   -(t log p + (1 - t) log(1 - p))
/// As in PyTorch, each logarithm is held at -100 or above and the gradient's divisor at 1e-12 or
/// above, so a certain and wrong prediction costs much but not infinitely much.
float binary_cross_entropy(float* d_probabilities, const float* probabilities, const float* targets,
                           Index batch, Index outputs);

/// The same on logits z, without rounding a probability to 0 or 1 on the way:
///   max(z, 0) - z t + log(1 + e^-|z|), gradient sigmoid(z) - t
float binary_cross_entropy_with_logits(float* d_logits, const float* logits, const float* targets,
                                       Index batch, Index outputs);

/// (prediction - target)^2
float mean_squared_error(float* d_predictions, const float* predictions, const float* targets,
                         Index batch, Index outputs);

}  // namespace kernelgarten
