#include "engine/train/gan.hpp"

#include "tests/engine/threads.hpp"
#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

/// Who moves in a round, such as "DDG".
std::string players_of_round(Gan& gan) {
  std::string players;
  std::optional<GanStep> metrics;
  while (!metrics) players += next_player(gan, metrics);
  return players;
}

/// Epoch and batch of each of the next rounds.
std::vector<std::pair<Index, Index>> places(Gan& gan, int rounds) {
  std::vector<std::pair<Index, Index>> all;
  for (int i = 0; i < rounds; ++i) {
    const GanStep step = gan.step();
    all.emplace_back(step.epoch, step.batch);
  }
  return all;
}

}  // namespace

TEST_CASE("gan: a step of one player moves that player alone") {
  Gan gan = point_gan();
  const Floats generator = weights(gan.generator()), discriminator = weights(gan.discriminator());
  const GanStep first = gan.step(Players::kDiscriminator);
  CHECK(weights(gan.generator()) == generator);
  CHECK(weights(gan.discriminator()) != discriminator);
  CHECK(std::isfinite(first.discriminator_loss));
  CHECK(std::isnan(first.generator_loss));
  CHECK(std::isnan(first.generator_gradient_norm));
  const Floats moved = weights(gan.discriminator());
  const GanStep second = gan.step(Players::kGenerator);
  CHECK(weights(gan.generator()) != generator);
  CHECK(weights(gan.discriminator()) == moved);
  CHECK(std::isnan(second.discriminator_loss));
  CHECK(std::isnan(second.real_verdict));
  CHECK(std::isnan(second.discriminator_gradient_norm));
  CHECK(std::isfinite(second.generator_loss));
  CHECK(second.step == 2);
}

TEST_CASE("gan: a round is the discriminator's steps and then the generator's") {
  for (const auto& [discriminator_steps, generator_steps, players] :
       std::vector<std::tuple<Index, Index, std::string>>{
           {1, 1, "DG"}, {2, 1, "DDG"}, {1, 2, "DGG"}, {3, 2, "DDDGG"}}) {
    CAPTURE(players);
    const GanTrainingSpec training = point_training(discriminator_steps, generator_steps);
    Gan gan = point_gan(training), apart = point_gan(training);
    for (int round = 0; round < 3; ++round) {
      CHECK(players_of_round(gan) == players);
      CHECK(gan.steps() == round + 1);
      for (const char player : players) {
        apart.step(player == 'D' ? Players::kDiscriminator : Players::kGenerator);
      }
      CHECK(both_weights(gan) == both_weights(apart));
    }
  }
}

TEST_CASE("gan: of several steps of a player the metrics are the last one's") {
  const GanTrainingSpec training = point_training(2, 2);
  Gan gan = point_gan(training), apart = point_gan(training);
  const GanStep round = gan.step();
  apart.step(Players::kDiscriminator);
  const GanStep discriminator = apart.step(Players::kDiscriminator);
  apart.step(Players::kGenerator);
  const GanStep generator = apart.step(Players::kGenerator);
  CHECK(round.discriminator_loss == discriminator.discriminator_loss);
  CHECK(round.real_verdict == discriminator.real_verdict);
  CHECK(round.fake_verdict == discriminator.fake_verdict);
  CHECK(round.discriminator_gradient_norm == discriminator.discriminator_gradient_norm);
  CHECK(round.generator_loss == generator.generator_loss);
  CHECK(round.generator_gradient_norm == generator.generator_gradient_norm);
}

TEST_CASE("gan: the generator learns from the fakes that were judged, and then from new ones") {
  // Neither network moves; of outputs z within 1, the hinge verdict is (z + 1) / 2.
  GanTrainingSpec training = point_training();
  training.loss = AdversarialLoss::kHinge;
  training.generator.learning_rate = training.discriminator.learning_rate = 1e-30;
  const NetworkSpec discriminator{{2}, {DenseSpec{8}, TanhSpec{}, DenseSpec{1}, TanhSpec{}}, 2};
  Gan gan(ring(200), point_generator(), discriminator, training);
  const auto verdict_of_loss = [](const GanStep& step) {
    return 0.5f * (1.0f - step.generator_loss);
  };
  const GanStep first = gan.step(), second = gan.step();
  CHECK(verdict_of_loss(first) == doctest::Approx(first.fake_verdict).epsilon(1e-5));
  CHECK(verdict_of_loss(second) == doctest::Approx(second.fake_verdict).epsilon(1e-5));
  CHECK(std::fabs(second.fake_verdict - first.fake_verdict) > 1e-4f);
  const GanStep third = gan.step(Players::kGenerator);
  CHECK(std::fabs(verdict_of_loss(third) - second.fake_verdict) > 1e-4f);
}

TEST_CASE("gan: an epoch takes the discriminator through all examples") {
  Gan gan = point_gan();
  REQUIRE(gan.batches_per_epoch() == 13);
  play(gan, 12);
  CHECK(places(gan, 3) == std::vector<std::pair<Index, Index>>{{1, 13}, {2, 1}, {2, 2}});

  Gan twice = point_gan(point_training(2, 1));
  REQUIRE(twice.batches_per_epoch() == 7);
  play(twice, 6);
  CHECK(places(twice, 2) == std::vector<std::pair<Index, Index>>{{1, 7}, {2, 1}});
  CHECK(point_gan(point_training(1, 2)).batches_per_epoch() == 13);
}

TEST_CASE("gan: the last batch of an epoch is smaller, for both kinds of examples") {
  // One real point at (3, 0) and another at (-3, 0): in batches of both and of one.
  GanTrainingSpec training;
  training.batch_size = 2;
  training.loss = AdversarialLoss::kLeastSquares;
  training.discriminator.learning_rate = 1e-30;
  const NetworkSpec generator{{1}, {DenseSpec{2}}, 1}, discriminator{{2}, {DenseSpec{1}}, 1};
  Gan gan(std::make_shared<RealPoints>(Floats{0.3f, 0, 0.6f, 0, 0.9f, 0}), generator, discriminator,
          training);
  std::ranges::copy(Floats{1, 0, 0}, gan.discriminator().parameters().begin());
  // The verdict on a point is its x: both batches together see each point once.
  const float both = gan.step(Players::kDiscriminator).real_verdict;
  const float last = gan.step(Players::kDiscriminator).real_verdict;
  CHECK(2.0f * both + last == doctest::Approx(1.8));
  const bool is_one_point = std::fabs(last / 0.3f - std::round(last / 0.3f)) < 1e-5f;
  CHECK(is_one_point);
}

TEST_CASE("gan: what is asked in the middle of a round changes nothing of it") {
  GanTrainingSpec training = point_training(2, 2);
  training.averaging = 0.9;
  Gan undisturbed = point_gan(training), asked = point_gan(training);
  const Floats noise = asked.fixed_noise(20), points = random_values(40, 5);
  for (int round = 0; round < 3; ++round) {
    Floats samples = asked.inference().generate(noise, {});
    Floats verdicts = asked.inference().discriminate(points, {});
    Floats gradients = asked.inference().example_gradients(points, {});
    Bytes checkpoint = asked.checkpoint();
    Floats before = both_weights(asked);
    while (!asked.advance_step()) {
      // Nothing is seen of a step that is not finished.
      if (both_weights(asked) == before) {
        CHECK(asked.inference().generate(noise, {}) == samples);
        CHECK(asked.inference().discriminate(points, {}) == verdicts);
        CHECK(asked.inference().example_gradients(points, {}) == gradients);
        CHECK(asked.checkpoint() == checkpoint);
      }
      samples = asked.inference().generate(noise, {});
      verdicts = asked.inference().discriminate(points, {});
      gradients = asked.inference().example_gradients(points, {});
      checkpoint = asked.checkpoint();
      before = both_weights(asked);
    }
    undisturbed.step();
    CHECK(both_weights(asked) == both_weights(undisturbed));
  }
}

TEST_CASE("gan: the players of a round in progress do not change") {
  Gan gan = point_gan(), plain = point_gan();
  plain.step();
  REQUIRE_FALSE(gan.advance_step());
  gan.step(Players::kDiscriminator);
  CHECK(both_weights(gan) == both_weights(plain));
  CHECK(gan.steps() == 1);
}

TEST_CASE("gan: samples come from the average of the generator's weights and statistics") {
  GanTrainingSpec training = point_training();
  training.averaging = 0.3;
  Gan gan = point_gan(training);
  Doubles average = widen(weights(gan.generator()));
  // The past counts (1 + steps) / (10 + steps), but at most what is set.
  for (const double past : {2.0 / 11.0, 3.0 / 12.0, 0.3, 0.3, 0.3}) {
    gan.step();
    const Floats newest = weights(gan.generator());
    for (std::size_t i = 0; i < average.size(); ++i) {
      average[i] = past * average[i] + (1.0 - past) * static_cast<double>(newest[i]);
    }
  }
  Network averaged(point_generator());
  const Floats numbers = narrow(average);
  const auto statistics =
      std::copy_n(numbers.begin(), averaged.parameters().size(), averaged.parameters().begin()) -
      averaged.parameters().begin();
  std::copy(numbers.begin() + statistics, numbers.end(), averaged.state().begin());
  GanInference expected(averaged, gan.discriminator(), 0, training.loss, 16,
                        std::make_shared<ThreadPool>(1));
  const Floats noise = gan.fixed_noise(10);
  check_close(gan.inference().generate(noise, {}), expected.generate(noise, {}), 1e-5);

  Gan plain = point_gan();
  play(plain, 5);
  CHECK(both_weights(plain) == both_weights(gan));
  CHECK(plain.inference().generate(noise, {}) != gan.inference().generate(noise, {}));
}

TEST_CASE("gan: the number of threads changes no bit") {
  Gan alone = point_gan();
  play(alone, 20);
  for (const int threads : kThreadCounts) {
    Gan gan = point_gan(point_training(), threads);
    play(gan, 20);
    CHECK(both_weights(gan) == both_weights(alone));
  }
}

}  // namespace kernelgarten::test
