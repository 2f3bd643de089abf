// A GAN goes on from a checkpoint, whichever player's turn it was.

#include "tests/engine/train/checkpoints.hpp"
#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

GanTrainingSpec averaged(GanTrainingSpec training) {
  training.averaging = 0.9;
  return training;
}

Gan make_gan(const GanTrainingSpec& training) {
  return training.conditional ? class_gan(training) : point_gan(training);
}

/// What the rest of the round in progress and a few more leave behind, and what the last one says.
Floats rounds_of(Gan& gan) {
  gan.step();
  gan.step();
  const GanStep last = gan.step();
  Floats row = both_weights(gan);
  row.insert(row.end(), {static_cast<float>(last.step), static_cast<float>(last.epoch),
                         static_cast<float>(last.batch), last.discriminator_loss,
                         last.generator_loss, last.real_verdict, last.fake_verdict,
                         static_cast<float>(last.discriminator_gradient_norm),
                         static_cast<float>(last.generator_gradient_norm)});
  const GanInference& inference = gan.inference();
  const std::vector<std::int32_t> labels(inference.classes() == 0 ? 0 : 5, 1);
  const Floats samples = gan.inference().generate(gan.fixed_noise(5), labels);
  row.insert(row.end(), samples.begin(), samples.end());
  return row;
}

/// After each part of the second and third round, goes on from a checkpoint in a fresh model, in
/// one that is elsewhere, and in the very one it is of.
void check_resumes(const GanTrainingSpec& training) {
  int most_parts = 0;
  for (int parts = 0, rounds = 0; rounds < 2; ++parts) {
    CAPTURE(parts);
    Gan gan = make_gan(training), fresh = make_gan(training), elsewhere = make_gan(training);
    gan.step();
    rounds = 0;
    for (int i = 0; i < parts; ++i) rounds += gan.advance_step() ? 1 : 0;
    const Bytes checkpoint = gan.checkpoint();
    fresh.restore(checkpoint);
    CHECK(fresh.checkpoint() == checkpoint);
    const Floats expected = rounds_of(fresh);
    if (rounds < 2) {
      gan.restore(checkpoint);
      CHECK(rounds_of(gan) == expected);
    }
    elsewhere.step(Players::kGenerator);
    elsewhere.step(Players::kDiscriminator);
    elsewhere.advance_step(Players::kDiscriminator);
    elsewhere.restore(checkpoint);
    CHECK(rounds_of(elsewhere) == expected);
    most_parts = parts;
  }
  CHECK(most_parts > 4);
}

/// From between the players' steps a run that is not interrupted goes on as a restored one does.
void check_uninterrupted(const GanTrainingSpec& training) {
  Gan gan = make_gan(training);
  gan.step();
  std::optional<GanStep> metrics;
  for (int i = 0; i < 6; ++i) {
    CAPTURE(i);
    next_player(gan, metrics);
    Gan resumed = make_gan(training), uninterrupted = make_gan(training);
    resumed.restore(gan.checkpoint());
    uninterrupted.step();
    for (int j = 0; j <= i; ++j) next_player(uninterrupted, metrics);
    CHECK(rounds_of(resumed) == rounds_of(uninterrupted));
  }
}

std::vector<GanTrainingSpec> trainings() {
  std::vector<GanTrainingSpec> all;
  for (const auto& [discriminator_steps, generator_steps] :
       std::vector<std::pair<Index, Index>>{{1, 1}, {2, 1}, {1, 2}}) {
    GanTrainingSpec training = point_training(discriminator_steps, generator_steps);
    all.push_back(training);
    all.push_back(averaged(training));
    training.conditional = true;
    all.push_back(training);
  }
  GanTrainingSpec at_once = averaged(class_training());
  at_once.simultaneous = true;
  all.push_back(at_once);
  return all;
}

}  // namespace

TEST_CASE("gan checkpoint: goes on from every part of a round, wherever it is restored") {
  for (const GanTrainingSpec& training : trainings()) check_resumes(training);
}

TEST_CASE("gan checkpoint: goes on between the players' steps as if nothing had come between") {
  for (const GanTrainingSpec& training : trainings()) check_uninterrupted(training);
}

TEST_CASE("gan checkpoint: goes on with single players") {
  Gan gan = point_gan(), resumed = point_gan();
  gan.step(Players::kGenerator);
  gan.step(Players::kDiscriminator);
  resumed.restore(gan.checkpoint());
  for (const Players players : {Players::kGenerator, Players::kGenerator, Players::kBoth}) {
    gan.step(players);
    resumed.step(players);
    CHECK(both_weights(resumed) == both_weights(gan));
  }
}

TEST_CASE("gan checkpoint: in the midst of a round it is the round of both players") {
  Gan gan = point_gan(), resumed = point_gan();
  std::optional<GanStep> metrics;
  REQUIRE(next_player(gan, metrics) == 'D');
  const Bytes checkpoint = gan.checkpoint();
  gan.step();
  resumed.step(Players::kDiscriminator);
  resumed.restore(checkpoint);
  const Floats discriminator = weights(resumed.discriminator());
  const GanStep step = resumed.step();
  CHECK(step.step == 1);
  CHECK(weights(resumed.discriminator()) == discriminator);
  CHECK(both_weights(resumed) == both_weights(gan));
  // What the discriminator said before is no part of the checkpoint.
  CHECK(std::isnan(step.discriminator_loss));
  CHECK(std::isfinite(step.generator_loss));
}

TEST_CASE("gan checkpoint: parts have the names of players, layers and parameters") {
  const Bytes file = point_gan(averaged(point_training())).checkpoint();
  const Safetensors content = read_safetensors(file);
  CHECK(content.metadata.at("model") == "gan");
  for (const char* name : {"generator.dense_1.weight", "generator.batch_norm_1.state",
                           "generator.optimizer.mean", "discriminator.dense_3.bias",
                           "discriminator.steps", "averaged.dense_2.weight", "rounds", "batches"}) {
    CAPTURE(name);
    CHECK(content.tensors.contains(name));
  }
}

TEST_CASE("gan checkpoint: one of another GAN is refused by name, and changes nothing") {
  Gan gan = point_gan();
  gan.step();
  gan.advance_step();
  const auto message = [&](Gan&& other) {
    return refusal<InvalidArgument>(gan, other.checkpoint());
  };
  GanTrainingSpec training = point_training();
  const auto other = [](const NetworkSpec& generator, const NetworkSpec& discriminator,
                        Index points = 200) {
    return Gan(ring(points), generator, discriminator, point_training());
  };
  NetworkSpec network = point_generator();
  network.layers[0] = DenseSpec{15};
  CHECK(message(other(network, point_discriminator())) ==
        Contains("[generator.dense_1.weight] expected F32 (4 x 16), the checkpoint has"));
  network = point_discriminator();
  network.layers[0] = DenseSpec{15};
  CHECK(message(other(point_generator(), network)) ==
        Contains("[discriminator.dense_1.weight] expected F32 (2 x 16), the checkpoint has"));
  CHECK(message(other(point_generator(), point_discriminator(), 201)) ==
        Contains("examples must be '200'"));
  CHECK(message(point_gan(averaged(training))) == Contains("[averaged."));
  training.batch_size = 17;
  CHECK(message(point_gan(training)) == Contains("batch_size must be '16'"));
  training = point_training();
  training.discriminator.type = OptimizerType::kSgd;
  CHECK(message(point_gan(training)) ==
        Contains("[discriminator.optimizer.mean] the checkpoint does not have it"));
  Gan undisturbed = point_gan();
  play(undisturbed, 2);
  gan.step();
  CHECK(both_weights(gan) == both_weights(undisturbed));
}

TEST_CASE("gan checkpoint: a number out of its range is refused") {
  Gan gan = point_gan(point_training(2, 1));
  gan.step();
  const Bytes good = gan.checkpoint();
  const auto message = [&](const char* name, std::int64_t value) {
    return refusal<InvalidData>(gan, with_values(good, name, value));
  };
  CHECK(message("played", 3) == Contains("[played] expected a number from 0 to 2, got 3"));
  CHECK(message("fake_count", 17) == Contains("[fake_count] expected a number from 0 to 16"));
  CHECK(message("rounds", -1) == Contains("[rounds]"));
  CHECK(message("generator.steps", -1) == Contains("[generator.steps]"));
}

TEST_CASE("gan checkpoint: whatever numbers within their range it has, the round goes on") {
  Gan gan = point_gan();
  std::optional<GanStep> metrics;
  next_player(gan, metrics);
  const Bytes good = gan.checkpoint();
  for (const std::int64_t count : {0, 1, 16}) {
    CAPTURE(count);
    gan.restore(with_values(good, "fake_count", count));
    CHECK(std::isfinite(gan.step().generator_loss));
  }
}

}  // namespace kernelgarten::test
