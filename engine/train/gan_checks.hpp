#pragma once

#include "engine/data/real_examples.hpp"
#include "engine/network/network.hpp"
#include "engine/train/gan_spec.hpp"

namespace kernelgarten {

/// Gives `training` back. Throws InvalidArgument where a setting is out of its range, or does not
/// fit another one or the examples.
GanTrainingSpec checked(const GanTrainingSpec& training, const RealExamples& real);

/// Numbers of noise that a generator takes, beside the class where there are `classes`. Throws
/// InvalidArgument where its input is not flat, or has no place for them.
Index noise_size_of(const Network& generator, Index classes);

/// Throws InvalidArgument where the generator's outputs, the discriminator's inputs and outputs,
/// the examples and the batches that they are taken in do not fit each other.
void check_fit(const Network& generator, const Network& discriminator,
               const GanTrainingSpec& training, const RealExamples& real);

}  // namespace kernelgarten
