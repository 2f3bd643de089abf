#pragma once

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// What the two players of a GAN compete for. With the discriminator's outputs z, and p =
/// sigmoid(z) where it is a logit, its own loss is the mean over real examples plus the mean over
/// fakes, and t is the label of real ones, 1 or a little less:
///
///                   on real ones                       on fakes       the generator's
///   minimax         -(t log p + (1 - t) log(1 - p))    -log(1 - p)    log(1 - p)
///   non-saturating  -(t log p + (1 - t) log(1 - p))    -log(1 - p)    -log p
///   least squares   (z - t)^2 / 2                      z^2 / 2        (z - 1)^2 / 2
///   hinge           max(0, 1 - z)                      max(0, 1 + z)  -z
///
/// Minimax gives a generator that is seen through hardly any gradient: it saturates. Goodfellow et
/// al., "Generative adversarial nets", NIPS 2014 (both); Mao et al., "Least squares GANs", ICCV
/// 2017; Lim and Ye, "Geometric GAN", 2017. Labels below 1: Salimans et al., NIPS 2016.
enum class AdversarialLoss { kMinimax, kNonSaturating, kLeastSquares, kHinge };

// Each gives the mean over `count` outputs and writes the gradient of that mean.

float discriminator_loss_on_real(float* d_outputs, const float* outputs, Index count,
                                 AdversarialLoss loss, float real_label);
float discriminator_loss_on_fake(float* d_outputs, const float* outputs, Index count,
                                 AdversarialLoss loss);
float generator_loss(float* d_outputs, const float* outputs, Index count, AdversarialLoss loss);

/// The derivative of the generator's loss over that of the discriminator's on a fake, by the same
/// output: what turns the discriminator's gradient with respect to a fake into the generator's.
/// -1 for minimax, -(1 - p) / p = -e^-z for non-saturating; the others have no such quotient, for
/// their discriminators can have none to give.
float generator_over_discriminator(float output, AdversarialLoss loss);

/// How real the discriminator takes an example for, from 0 to 1: sigmoid(z); of least squares z
/// held between 0 and 1; of hinge (z + 1) / 2, held likewise. One half is undecided.
float verdict(float output, AdversarialLoss loss);

}  // namespace kernelgarten
