// Numbers that are infinite or none at all are found in the step they come up in, and named.

#include <cstring>

#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

constexpr float kSpoilt[] = {kNaN, kInfinity};

Gan image_gan() {
  GanTrainingSpec training;
  training.batch_size = 10;
  return {std::make_shared<RealImages>(bar_images(20).shared()),
          {{4},
           {DenseSpec{50}, ReshapeSpec{{5, 5, 2}}, BatchNormSpec{}, ReluSpec{},
            ConvTranspose2dSpec{.filters = 1}, SigmoidSpec{}},
           1},
          {{10, 10, 1},
           {Conv2dSpec{.filters = 3, .kernel = 4, .stride = 2}, BatchNormSpec{}, LeakyReluSpec{},
            FlattenSpec{}, DenseSpec{1}},
           1},
          training};
}

/// Also where some are not numbers.
std::vector<std::uint32_t> bits_of(const Floats& values) {
  std::vector<std::uint32_t> bits(values.size());
  std::memcpy(bits.data(), values.data(), values.size() * sizeof(float));
  return bits;
}

/// Spoils a weight of a network, expects the message and nothing changed, and goes on from before.
void check_named(Gan& gan, Network& network, std::size_t stage, const char* where) {
  CAPTURE(where);
  const Bytes checkpoint = gan.checkpoint();
  for (const float value : kSpoilt) {
    network.parameters_of(network.stages()[stage])[0] = value;
    const auto before = bits_of(both_weights(gan));
    const auto message = message_of<NonFinite>([&] { gan.step(); });
    CHECK(message == Contains(where));
    CHECK(message == Contains("no longer a finite number"));
    CHECK(bits_of(both_weights(gan)) == before);
    gan.restore(checkpoint);
    const GanStep step = gan.step();
    CHECK(std::isfinite(step.discriminator_loss));
    CHECK(std::isfinite(step.generator_loss));
    gan.restore(checkpoint);
  }
}

}  // namespace

TEST_CASE("gan non-finite: player and layer of a spoilt weight are named, both networks stay") {
  Gan gan = image_gan();
  gan.step();
  check_named(gan, gan.generator(), 0, "[generator.dense_1] its output");
  check_named(gan, gan.generator(), 2, "[generator.batch_norm_1] its output");
  check_named(gan, gan.generator(), 4, "[generator.conv_transpose2d_1] its output");
  check_named(gan, gan.discriminator(), 0, "[discriminator.conv2d_1] its output");
  check_named(gan, gan.discriminator(), 1, "[discriminator.batch_norm_1] its output");
  check_named(gan, gan.discriminator(), 4, "[discriminator.dense_1] its output");
}

TEST_CASE("gan non-finite: what fails in the generator's step leaves the discriminator's") {
  Gan gan = image_gan(), plain = image_gan();
  std::optional<GanStep> metrics;
  REQUIRE(next_player(gan, metrics) == 'D');
  Network& discriminator = gan.discriminator();
  const Floats moved = weights(discriminator);
  float& weight = discriminator.parameters_of(discriminator.stages()[4])[0];
  const float good = weight;
  weight = kNaN;
  CHECK(message_of<NonFinite>([&] { gan.step(); }) == Contains("[discriminator.dense_1]"));
  CHECK(gan.steps() == 0);
  weight = good;
  CHECK(weights(discriminator) == moved);
  // The round goes on with the generator's step, on the same fakes.
  const GanStep step = gan.step(), expected = plain.step();
  CHECK(both_weights(gan) == both_weights(plain));
  CHECK(step.discriminator_loss == expected.discriminator_loss);
  CHECK(step.generator_loss == expected.generator_loss);
}

TEST_CASE("gan non-finite: a gradient that overflows is named although the losses are finite") {
  // Outputs of 2, but their gradient of the generator's only weight is 1e30 times 1e20.
  GanTrainingSpec training;
  training.batch_size = 8;
  training.loss = AdversarialLoss::kHinge;
  Gan gan(ring(8), {{1}, {DenseSpec{1}, DenseSpec{2}}, 1}, {{2}, {DenseSpec{1}}, 1}, training);
  std::ranges::fill(gan.generator().parameters(), 0.0f);
  std::ranges::fill(gan.discriminator().parameters(), 0.0f);
  gan.generator().parameters_of(gan.generator().stages()[1])[0] = 1e20f;
  gan.discriminator().parameters()[0] = 1e30f;
  const Floats before = both_weights(gan);
  CHECK(message_of<NonFinite>([&] { gan.step(Players::kGenerator); }) ==
        Contains("[generator.dense_1] its gradient is no longer a finite number"));
  CHECK(both_weights(gan) == before);
}

TEST_CASE("gan non-finite: an absurd learning rate of either player ends in a message") {
  const OptimizerSpec wild{.type = OptimizerType::kSgd, .learning_rate = 100.0};
  for (const bool generator_is_wild : {true, false}) {
    CAPTURE(generator_is_wild);
    GanTrainingSpec training;
    training.batch_size = 16;
    training.loss = AdversarialLoss::kLeastSquares;
    (generator_is_wild ? training.generator : training.discriminator) = wild;
    const NetworkSpec generator{{4}, {DenseSpec{8}, ReluSpec{}, DenseSpec{2}}, 1};
    const NetworkSpec discriminator{{2}, {DenseSpec{8}, LeakyReluSpec{}, DenseSpec{1}}, 2};
    Gan gan(ring(64), generator, discriminator, training);
    const Bytes start = gan.checkpoint();
    const auto message = message_of<NonFinite>([&] { play(gan, 500); });
    CHECK(message == Contains("no longer a finite number"));
    const bool names_a_player =
        message == Contains("[generator.") || message == Contains("[discriminator.");
    CHECK(names_a_player);
    gan.restore(start);
    CHECK(std::isfinite(gan.step().discriminator_loss));
  }
}

}  // namespace kernelgarten::test
