#pragma once

#include <array>
#include <string_view>

#include "engine/losses/adversarial.hpp"
#include "engine/network/spec.hpp"

namespace kernelgarten {

/// How a GAN is trained, as a plain value.
struct GanTrainingSpec {
  Index batch_size = 64;
  AdversarialLoss loss = AdversarialLoss::kNonSaturating;
  /// What the discriminator is told of real examples: 1, or a little less so that it is never quite
  /// sure.
  double real_label = 1.0;
  /// Both learn from the same pass of the fakes through the discriminator, before either moves,
  /// which saves the generator a pass of its own. For a discriminator that does not mix examples,
  /// one step each, and the losses on logits.
  bool simultaneous = false;
  /// Steps of each player in a round.
  Index discriminator_steps = 1;
  Index generator_steps = 1;
  /// Weight of the past in the averaged generator that samples are taken from; 0 for none.
  double averaging = 0.0;
  /// The generator is told which class to make, and the discriminator which class it is to be.
  bool conditional = false;
  OptimizerSpec generator{};
  OptimizerSpec discriminator{};
  /// Seeds the order of the real examples and the noise.
  std::uint32_t seed = 1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("batchSize", self.batch_size);
    visit("loss", self.loss);
    visit("realLabel", self.real_label);
    visit("simultaneous", self.simultaneous);
    visit("discriminatorSteps", self.discriminator_steps);
    visit("generatorSteps", self.generator_steps);
    visit("averaging", self.averaging);
    visit("conditional", self.conditional);
    visit("generator", self.generator);
    visit("discriminator", self.discriminator);
    visit("seed", self.seed);
  }
};

template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<AdversarialLoss>{
    "minimax", "non_saturating", "least_squares", "hinge"};

}  // namespace kernelgarten
