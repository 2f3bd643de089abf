#pragma once

#include <algorithm>
#include <cmath>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// One number of a loss and its derivative by the prediction.
struct LossTerm {
  float value;
  float derivative;
};

/// Mean of term(i) over all i below `count`; the gradient of that mean is written.
template <class MakeTerm>
float mean_of_terms(float* gradient, Index count, const MakeTerm& term) {
  double total = 0.0;
  const float share = 1.0f / static_cast<float>(count);
  for (Index i = 0; i < count; ++i) {
    const LossTerm part = term(i);
    total += static_cast<double>(part.value);
    gradient[i] = part.derivative * share;
  }
  return static_cast<float>(total / static_cast<double>(count));
}

/// Cross-entropy of a logit z with the target t, without rounding a probability to 0 or 1:
///   max(z, 0) - z t + log(1 + e^-|z|), derivative sigmoid(z) - t
inline LossTerm logit_term(float z, float t) {
  const float e = std::exp(-std::fabs(z));
  const float sigmoid = (z < 0.0f ? e : 1.0f) / (1.0f + e);
  return {std::max(z, 0.0f) - z * t + std::log1p(e), sigmoid - t};
}

}  // namespace kernelgarten
