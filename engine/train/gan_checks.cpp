#include "engine/train/gan_checks.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Batch normalisation of a number over a single example leaves nothing of it.
void check_batches(const char* player, const Network& network, Index batch, Index examples) {
  const Index smallest = examples % batch == 0 ? batch : examples % batch;
  for (const Stage& stage : network.stages()) {
    const bool alone = element_count(stage.input_shape) == stage.input_shape.back();
    check(smallest > 1 || !alone || !stage.layer->mixes_examples(), "[", player, ".", stage.name,
          "] cannot normalise over a single example; batches of ", batch, " out of ", examples,
          " leave one of 1, choose another batch size");
  }
}

}  // namespace

GanTrainingSpec checked(const GanTrainingSpec& training, const RealExamples& real) {
  check(training.batch_size >= 1 && training.batch_size <= real.count(),
        "[training] batch size must be from 1 to ", real.count(),
        ", the number of real examples, got ", training.batch_size);
  constexpr Index kMostSteps = 100;
  for (const Index steps : {training.discriminator_steps, training.generator_steps}) {
    check(steps >= 1 && steps <= kMostSteps, "[training] each player takes 1 to ", kMostSteps,
          " steps in a round, got ", steps);
  }
  check(training.real_label > 0.5 && training.real_label <= 1.0,
        "[training] the label of real examples must be above 0.5 and at most 1, got ",
        training.real_label);
  check(training.real_label == 1.0 || training.loss != AdversarialLoss::kHinge,
        "[training] the hinge loss knows no label of real examples; leave it at 1, got ",
        training.real_label);
  check(training.averaging >= 0.0 && training.averaging < 1.0,
        "[training] averaging must be from 0 to below 1, got ", training.averaging);
  const bool on_logits = training.loss == AdversarialLoss::kMinimax ||
                         training.loss == AdversarialLoss::kNonSaturating;
  check(!training.simultaneous || on_logits,
        "[training] simultaneous steps need the loss minimax or non_saturating");
  check(!training.simultaneous ||
            (training.discriminator_steps == 1 && training.generator_steps == 1),
        "[training] simultaneous steps are one of each player, got ", training.discriminator_steps,
        " and ", training.generator_steps);
  check(!training.conditional || real.classes() > 0,
        "[training] a conditional GAN needs examples with labels");
  return training;
}

Index noise_size_of(const Network& generator, Index classes) {
  const Shape& input = generator.input_shape();
  check(input.size() == 1 && input[0] > classes, "[generator] expected a flat input of noise",
        classes > 0 ? concat(" and ", classes, " classes") : "", ", got ", to_string(input));
  return input[0] - classes;
}

void check_fit(const Network& generator, const Network& discriminator,
               const GanTrainingSpec& training, const RealExamples& real) {
  const Shape& shape = real.shape();
  check(generator.output_shape() == shape, "[generator.", generator.stages().back().name,
        "] expected outputs like the real examples, ", to_string(shape), ", got ",
        to_string(generator.output_shape()));
  check(discriminator.input_shape() == shape, "[discriminator] expected inputs like the real ",
        "examples, ", to_string(shape), ", got ", to_string(discriminator.input_shape()));
  const Index outputs = training.conditional ? real.classes() : 1;
  check(discriminator.output_shape() == Shape{outputs}, "[discriminator.",
        discriminator.stages().back().name, "] expected ", outputs,
        training.conditional ? " outputs, one for each class" : " output", ", got ",
        to_string(discriminator.output_shape()));
  for (const Stage& stage : discriminator.stages()) {
    check(!training.simultaneous || !stage.layer->mixes_examples(), "[discriminator.", stage.name,
          "] simultaneous steps need a discriminator that does not mix examples");
  }
  check_batches("generator", generator, training.batch_size, real.count());
  check_batches("discriminator", discriminator, training.batch_size, real.count());
}

}  // namespace kernelgarten
