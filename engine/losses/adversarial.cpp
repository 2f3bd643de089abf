#include "engine/losses/adversarial.hpp"

#include <algorithm>
#include <cmath>

#include "engine/losses/loss_terms.hpp"

namespace kernelgarten {
namespace {

/// (z - t)^2 / 2
LossTerm half_square(float z, float t) { return {0.5f * (z - t) * (z - t), z - t}; }

/// max(0, 1 - sign z)
LossTerm hinge(float z, float sign) {
  const float distance = 1.0f - sign * z;
  return {std::max(distance, 0.0f), distance > 0.0f ? -sign : 0.0f};
}

LossTerm on_real(float z, AdversarialLoss loss, float label) {
  switch (loss) {
    case AdversarialLoss::kLeastSquares:
      return half_square(z, label);
    case AdversarialLoss::kHinge:
      return hinge(z, 1.0f);
    default:
      return logit_term(z, label);
  }
}

LossTerm on_fake(float z, AdversarialLoss loss) {
  switch (loss) {
    case AdversarialLoss::kLeastSquares:
      return half_square(z, 0.0f);
    case AdversarialLoss::kHinge:
      return hinge(z, -1.0f);
    default:
      return logit_term(z, 0.0f);
  }
}

LossTerm of_generator(float z, AdversarialLoss loss) {
  switch (loss) {
    case AdversarialLoss::kMinimax: {
      const auto [value, derivative] = logit_term(z, 0.0f);
      return {-value, -derivative};
    }
    case AdversarialLoss::kLeastSquares:
      return half_square(z, 1.0f);
    case AdversarialLoss::kHinge:
      return {-z, -1.0f};
    default:
      return logit_term(z, 1.0f);
  }
}

}  // namespace

float discriminator_loss_on_real(float* d_outputs, const float* outputs, Index count,
                                 AdversarialLoss loss, float real_label) {
  return mean_of_terms(d_outputs, count,
                       [=](Index i) { return on_real(outputs[i], loss, real_label); });
}

float discriminator_loss_on_fake(float* d_outputs, const float* outputs, Index count,
                                 AdversarialLoss loss) {
  return mean_of_terms(d_outputs, count, [=](Index i) { return on_fake(outputs[i], loss); });
}

float generator_loss(float* d_outputs, const float* outputs, Index count, AdversarialLoss loss) {
  return mean_of_terms(d_outputs, count, [=](Index i) { return of_generator(outputs[i], loss); });
}

float generator_over_discriminator(float output, AdversarialLoss loss) {
  return loss == AdversarialLoss::kMinimax ? -1.0f : -std::exp(-output);
}

float verdict(float output, AdversarialLoss loss) {
  switch (loss) {
    case AdversarialLoss::kLeastSquares:
      return std::clamp(output, 0.0f, 1.0f);
    case AdversarialLoss::kHinge:
      return std::clamp(0.5f * (output + 1.0f), 0.0f, 1.0f);
    default:
      return logit_term(output, 0.0f).derivative;
  }
}

}  // namespace kernelgarten
