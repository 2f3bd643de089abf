#include "engine/losses/losses.hpp"

#include <algorithm>
#include <cmath>

#include "engine/ops/softmax.hpp"
#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {
namespace {

/// Mean over batch x outputs of term(prediction, target), whose second result is its derivative.
template <class Term>
float mean_of_terms(float* d_predictions, const float* predictions, const float* targets,
                    Index count, Term term) {
  double total = 0.0;
  const float share = 1.0f / static_cast<float>(count);
  for (Index i = 0; i < count; ++i) {
    const auto [value, derivative] = term(predictions[i], targets[i]);
    total += static_cast<double>(value);
    d_predictions[i] = derivative * share;
  }
  return static_cast<float>(total / static_cast<double>(count));
}

struct Term {
  float value;
  float derivative;
};

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
  return mean_of_terms(d_probabilities, probabilities, targets, batch * outputs,
                       [](float p, float t) {
                         const float log_yes = std::max(std::log(p), -100.0f);
                         const float log_no = std::max(std::log1p(-p), -100.0f);
                         const float divisor = std::max(p * (1.0f - p), 1e-12f);
                         return Term{-(t * log_yes + (1.0f - t) * log_no), (p - t) / divisor};
                       });
}

float binary_cross_entropy_with_logits(float* d_logits, const float* logits, const float* targets,
                                       Index batch, Index outputs) {
  return mean_of_terms(d_logits, logits, targets, batch * outputs, [](float z, float t) {
    const float e = std::exp(-std::fabs(z));
    const float sigmoid = (z < 0.0f ? e : 1.0f) / (1.0f + e);
    return Term{std::max(z, 0.0f) - z * t + std::log1p(e), sigmoid - t};
  });
}

float mean_squared_error(float* d_predictions, const float* predictions, const float* targets,
                         Index batch, Index outputs) {
  return mean_of_terms(d_predictions, predictions, targets, batch * outputs,
                       [](float y, float t) { return Term{(y - t) * (y - t), 2.0f * (y - t)}; });
}

}  // namespace kernelgarten
