#include "engine/train/gan.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

std::shared_ptr<RealPoints> ring(Index count) {
  Random random(3);
  Floats points;
  for (Index i = 0; i < count; ++i) {
    const double angle = 2.0 * 3.14159265358979 * static_cast<double>(i % 8) / 8.0;
    points.push_back(static_cast<float>(std::cos(angle)) + 0.05f * random.normal());
    points.push_back(static_cast<float>(std::sin(angle)) + 0.05f * random.normal());
  }
  return std::make_shared<RealPoints>(points);
}

NetworkSpec point_generator() {
  return {{4}, {DenseSpec{16}, BatchNormSpec{}, ReluSpec{}, DenseSpec{2}}, 1};
}

NetworkSpec point_discriminator() {
  return {{2}, {DenseSpec{16}, LeakyReluSpec{0.2}, DenseSpec{16}, BatchNormSpec{},
                LeakyReluSpec{0.2}, DropoutSpec{0.2}, DenseSpec{1}}, 2};
}

GanTrainingSpec point_training() {
  GanTrainingSpec training;
  training.batch_size = 16;
  training.generator.learning_rate = training.discriminator.learning_rate = 1e-2;
  return training;
}

Gan point_gan(GanTrainingSpec training = point_training(), int threads = 1) {
  return {ring(200), point_generator(), point_discriminator(), training,
          std::make_shared<ThreadPool>(threads)};
}

Floats weights(Network& network) {
  Floats all(network.parameters().begin(), network.parameters().end());
  all.insert(all.end(), network.state().begin(), network.state().end());
  return all;
}

Floats both_weights(Gan& gan) {
  Floats all = weights(gan.generator()), others = weights(gan.discriminator());
  all.insert(all.end(), others.begin(), others.end());
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
  const Floats moved = weights(gan.discriminator());
  const GanStep second = gan.step(Players::kGenerator);
  CHECK(weights(gan.generator()) != generator);
  CHECK(weights(gan.discriminator()) == moved);
  CHECK(std::isnan(second.real_verdict));
  CHECK(std::isfinite(second.generator_loss));
  CHECK(second.step == 2);
}

TEST_CASE("gan: a round is the discriminator's step and then the generator's") {
  Gan together = point_gan(), apart = point_gan();
  for (int i = 0; i < 5; ++i) {
    together.step();
    apart.step(Players::kDiscriminator);
    apart.step(Players::kGenerator);
  }
  CHECK(both_weights(together) == both_weights(apart));
}

TEST_CASE("gan: the number of threads changes no bit") {
  Gan alone = point_gan();
  for (int i = 0; i < 20; ++i) alone.step();
  for (const int threads : kThreadCounts) {
    Gan gan = point_gan(point_training(), threads);
    for (int i = 0; i < 20; ++i) gan.step();
    CHECK(both_weights(gan) == both_weights(alone));
  }
}

}  // namespace kernelgarten::test
