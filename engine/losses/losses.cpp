#include "engine/losses/losses.hpp"

#include <algorithm>
#include <cmath>

#include "engine/losses/loss_terms.hpp"
#include "engine/ops/softmax.hpp"
#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {
namespace {

/// -log softmax(row)[target], from the distance to the largest, so that nothing overflows and no
/// large numbers cancel.
double negative_log_softmax(const float* row, Index count, Index target) {
  const float largest = simd::reduce_max(row, count);
  const float sum = simd::reduce_sum(
      row, count, [largest](auto x) { return simd::exp(x - decltype(x)(largest)); });
  return std::log(static_cast<double>(sum)) + static_cast<double>(largest - row[target]);
}

}  // namespace

float softmax_cross_entropy(float* d_logits, float* probabilities, const float* logits,
                            const std::int32_t* labels, Index batch, Index classes) {
  softmax_forward(probabilities, logits, batch, classes);
  const float share = 1.0f / static_cast<float>(batch);
  simd::map(d_logits, probabilities, batch * classes,
            [share](auto p) { return p * decltype(p)(share); });
  double total = 0.0;
  for (Index i = 0; i < batch; ++i) {
    d_logits[i * classes + labels[i]] -= share;
    total += negative_log_softmax(logits + i * classes, classes, labels[i]);
  }
  return static_cast<float>(total / static_cast<double>(batch));
}

float binary_cross_entropy(float* d_probabilities, const float* probabilities, const float* targets,
                           Index batch, Index outputs) {
  return mean_of_terms(d_probabilities, batch * outputs, [=](Index i) {
    const float p = probabilities[i], t = targets[i];
    const float log_yes = std::max(std::log(p), -100.0f);
    const float log_no = std::max(std::log1p(-p), -100.0f);
    const float divisor = std::max(p * (1.0f - p), 1e-12f);
    return LossTerm{-(t * log_yes + (1.0f - t) * log_no), (p - t) / divisor};
  });
}

float binary_cross_entropy_with_logits(float* d_logits, const float* logits, const float* targets,
                                       Index batch, Index outputs) {
  return mean_of_terms(d_logits, batch * outputs,
                       [=](Index i) { return logit_term(logits[i], targets[i]); });
}

float mean_squared_error(float* d_predictions, const float* predictions, const float* targets,
                         Index batch, Index outputs) {
  return mean_of_terms(d_predictions, batch * outputs, [=](Index i) {
    const float distance = predictions[i] - targets[i];
    return LossTerm{distance * distance, 2.0f * distance};
  });
}

}  // namespace kernelgarten
