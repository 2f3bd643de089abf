#pragma once

#include <numbers>

#include "engine/tensor/check.hpp"
#include "engine/train/gan.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"

namespace kernelgarten::test {

constexpr Index kModes = 8;
constexpr float kModeDeviation = 0.05f;

inline std::array<float, 2> mode_of_ring(Index mode) {
  const double angle = 2.0 * std::numbers::pi * static_cast<double>(mode) / kModes;
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

/// Points around eight modes on the unit circle, in turn.
inline std::shared_ptr<RealPoints> ring(Index count) {
  Random random(3);
  Floats points;
  for (Index i = 0; i < count; ++i) {
    for (const float centre : mode_of_ring(i % kModes)) {
      points.push_back(centre + kModeDeviation * random.normal());
    }
  }
  return std::make_shared<RealPoints>(points);
}

inline NetworkSpec point_generator() {
  return {{4}, {DenseSpec{16}, BatchNormSpec{}, ReluSpec{}, DenseSpec{2}}, 1};
}

inline NetworkSpec point_discriminator() {
  return {{2},
          {DenseSpec{16}, LeakyReluSpec{0.2}, DenseSpec{16}, BatchNormSpec{}, LeakyReluSpec{0.2},
           DropoutSpec{0.2}, DenseSpec{1}},
          2};
}

inline GanTrainingSpec point_training() {
  GanTrainingSpec training;
  training.batch_size = 16;
  training.generator.learning_rate = training.discriminator.learning_rate = 1e-2;
  return training;
}

inline GanTrainingSpec point_training(Index discriminator_steps, Index generator_steps) {
  GanTrainingSpec training = point_training();
  training.discriminator_steps = discriminator_steps;
  training.generator_steps = generator_steps;
  return training;
}

/// On 200 points: 13 batches an epoch, the last one of 8.
inline Gan point_gan(const GanTrainingSpec& training = point_training(), int threads = 1) {
  return {ring(200), point_generator(), point_discriminator(), training,
          std::make_shared<ThreadPool>(threads)};
}

/// Points in turn around (-0.5, 0.5), class 0, and (0.5, -0.5), class 1.
class TwoClasses : public RealExamples {
 public:
  Index count() const override { return 40; }
  Shape shape() const override { return {2}; }
  Index classes() const override { return 2; }
  std::int32_t label(Index index) const override { return index % 2 == 0 ? 0 : 1; }
  void load(float* to, Index index) const override {
    const float x = label(index) == 0 ? -0.5f : 0.5f;
    const float jitter = 0.1f * golden::value(1, static_cast<std::uint32_t>(index));
    to[0] = x + jitter;
    to[1] = jitter - x;
  }
};

/// Of noise of 2 and a class.
inline NetworkSpec class_generator() {
  return {{4}, {DenseSpec{16}, BatchNormSpec{}, ReluSpec{}, DenseSpec{2}, TanhSpec{}}, 1};
}

inline NetworkSpec class_discriminator() {
  return {{2}, {DenseSpec{16}, LeakyReluSpec{0.2}, DropoutSpec{0.1}, DenseSpec{2}}, 2};
}

inline GanTrainingSpec class_training() {
  GanTrainingSpec training = point_training();
  training.conditional = true;
  return training;
}

inline Gan class_gan(const GanTrainingSpec& training = class_training()) {
  return {std::make_shared<TwoClasses>(), class_generator(), class_discriminator(), training};
}

/// Parameters and running statistics.
inline Floats weights(Network& network) {
  Floats all(network.parameters().begin(), network.parameters().end());
  all.insert(all.end(), network.state().begin(), network.state().end());
  return all;
}

inline Floats both_weights(Gan& gan) {
  Floats all = weights(gan.generator()), others = weights(gan.discriminator());
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

inline void play(Gan& gan, int rounds, Players players = Players::kBoth) {
  for (int i = 0; i < rounds; ++i) gan.step(players);
}

/// What `advance_step` does until a player's step is finished: 'D' or 'G', by what has moved.
inline char next_player(Gan& gan, std::optional<GanStep>& metrics) {
  const Floats generator = weights(gan.generator()), discriminator = weights(gan.discriminator());
  while (true) {
    metrics = gan.advance_step();
    if (weights(gan.discriminator()) != discriminator) return 'D';
    if (weights(gan.generator()) != generator) return 'G';
    REQUIRE_FALSE(metrics);
  }
}

}  // namespace kernelgarten::test
