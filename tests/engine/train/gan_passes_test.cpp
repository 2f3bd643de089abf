// Through which network, with which statistics and masks, the examples of a round go.

#include "tests/engine/reference.hpp"
#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

/// Neither player moves anything but its running statistics.
GanTrainingSpec standing(Index batch_size) {
  GanTrainingSpec training;
  training.batch_size = batch_size;
  training.generator.learning_rate = training.discriminator.learning_rate = 1e-30;
  return training;
}

/// Batch normalisation first, so that its statistics are those of the examples.
NetworkSpec normalising_discriminator() {
  return {{2}, {BatchNormSpec{}, DenseSpec{4}, TanhSpec{}, DenseSpec{1}}, 2};
}

/// As PyTorch does it: a tenth of the new, whose variance is that of a sample.
void move_statistics(Doubles& running, const Floats& examples) {
  const Doubles numbers = widen(examples);
  const Doubles means = reference::column_means(numbers, 2);
  const Doubles variances = reference::column_variances(numbers, 2);
  const double rows = static_cast<double>(examples.size() / 2);
  for (std::size_t i = 0; i < 2; ++i) {
    running[i] = 0.9 * running[i] + 0.1 * means[i];
    running[2 + i] = 0.9 * running[2 + i] + 0.1 * variances[i] * rows / (rows - 1.0);
  }
}

Floats state_of(Network& network) { return {network.state().begin(), network.state().end()}; }

/// The fakes of the generation, in a pass through a generator whose batch normalisation, if it has
/// any, is not that of training.
Floats fakes(Gan& gan, Index count, Index generation) {
  Latents latents(count, 4, 0);
  latents.draw(count, 1, generation);
  return gan.inference().generate({latents.row(0), static_cast<std::size_t>(4 * count)}, {});
}

/// On points that all are the same, with a generator that makes that point too, the hinge verdict
/// tells which mask of dropout was drawn.
struct MaskedGan : Gan {
  static GanTrainingSpec training() {
    GanTrainingSpec training = standing(4);
    training.loss = AdversarialLoss::kHinge;
    return training;
  }
  MaskedGan()
      : Gan(std::make_shared<RealPoints>(filled(8, 1.0f)), {{1}, {DenseSpec{2}}, 1},
            {{2}, {DenseSpec{64}, DropoutSpec{0.5}, DenseSpec{1}}, 2}, training()) {
    std::ranges::copy(Floats{0, 0, 1, 1}, generator().parameters().begin());
    auto parameters = discriminator().parameters();
    std::ranges::fill(parameters, 0.0f);
    // Of 64 ones half are left, twice as large, each with a weight of its own.
    std::ranges::fill(parameters.subspan(128, 64), 1.0f);
    const Floats numbers = random_values(64, 8, -0.05f, 0.05f);
    std::ranges::copy(numbers, parameters.begin() + 192);
  }
};

/// Mean output from the mean hinge verdict, (z + 1) / 2, of outputs within 1.
float output_of(float verdict) { return 2.0f * verdict - 1.0f; }

}  // namespace

TEST_CASE("gan passes: real examples move the discriminator's statistics, then fakes do") {
  // All 24 points in one batch; in the second round the fakes have the number 2.
  const std::shared_ptr<RealPoints> real = ring(24);
  const NetworkSpec generator{{4}, {DenseSpec{8}, TanhSpec{}, DenseSpec{2}}, 1};
  Gan gan(real, generator, normalising_discriminator(), standing(24));
  Floats points = poison(48);
  for (Index i = 0; i < 24; ++i) real->load(points.data() + 2 * i, i);
  Doubles running{0, 0, 1, 1};
  for (Index round = 1; round <= 3; ++round) {
    gan.step(Players::kDiscriminator);
    move_statistics(running, points);
    move_statistics(running, fakes(gan, 24, round));
    check_close(state_of(gan.discriminator()), running, 1e-5);
    gan.step(Players::kGenerator);
    check_close(state_of(gan.discriminator()), running, 1e-5);
  }
}

TEST_CASE("gan passes: only the generator's own steps move its statistics, by the fakes it used") {
  // Batch normalisation last: its statistics are those of what the layer before it makes.
  const NetworkSpec generator{{4}, {DenseSpec{2}, BatchNormSpec{}}, 1};
  GanTrainingSpec training = standing(24);
  training.discriminator_steps = 2;
  Gan gan(ring(24), generator, {{2}, {DenseSpec{1}}, 1}, training);
  Gan plain(ring(24), {{4}, {DenseSpec{2}}, 1}, {{2}, {DenseSpec{1}}, 1}, training);
  Doubles running{0, 0, 1, 1};
  for (Index round = 1; round <= 3; ++round) {
    std::optional<GanStep> metrics;
    const Floats before = state_of(gan.generator());
    // The fakes of the first step are forgotten.
    while (!metrics) {
      CHECK(state_of(gan.generator()) == before);
      metrics = gan.advance_step();
    }
    move_statistics(running, fakes(plain, 24, 2 * round));
    check_close(state_of(gan.generator()), running, 1e-5);
  }
}

TEST_CASE("gan passes: the discriminator's dropout draws masks of its own for each kind") {
  MaskedGan gan;
  const GanStep first = gan.step(), second = gan.step();
  Floats outputs;
  for (const GanStep& step : {first, second}) {
    outputs.insert(outputs.end(), {output_of(step.real_verdict), output_of(step.fake_verdict),
                                   -step.generator_loss});
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    CAPTURE(i);
    REQUIRE(std::fabs(outputs[i]) < 0.9f);
    for (std::size_t j = 0; j < i; ++j) CHECK(std::fabs(outputs[i] - outputs[j]) > 1e-4f);
  }
  MaskedGan again;
  CHECK(again.step().generator_loss == first.generator_loss);
}

}  // namespace kernelgarten::test
