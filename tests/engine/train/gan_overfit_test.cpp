// The generator learns a ring of eight Gaussians, all of them and not one alone.

#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

NetworkSpec ring_generator(std::uint32_t seed) {
  return {{4}, {DenseSpec{32}, ReluSpec{}, DenseSpec{32}, ReluSpec{}, DenseSpec{2}}, seed};
}

NetworkSpec ring_discriminator(std::uint32_t seed) {
  return {{2},
          {DenseSpec{32}, LeakyReluSpec{0.2}, DenseSpec{32}, LeakyReluSpec{0.2}, DenseSpec{1}},
          seed};
}

GanTrainingSpec ring_training(AdversarialLoss loss, std::uint32_t seed) {
  GanTrainingSpec training;
  training.batch_size = 64;
  training.loss = loss;
  training.averaging = 0.99;
  training.generator = training.discriminator = {.learning_rate = 5e-3, .beta1 = 0.5};
  training.seed = seed;
  return training;
}

/// What the generator makes of the ring.
struct Coverage {
  /// Share of points within three standard deviations of a mode.
  double share = 0.0;
  /// Modes that have at least a fiftieth of all points so near.
  Index modes = 0;
};

Coverage coverage_of(const Floats& points) {
  const std::size_t count = points.size() / 2;
  std::array<std::size_t, kModes> near{};
  for (std::size_t i = 0; i < count; ++i) {
    for (Index mode = 0; mode < kModes; ++mode) {
      const auto [x, y] = mode_of_ring(mode);
      const float distance = std::hypot(points[2 * i] - x, points[2 * i + 1] - y);
      if (distance <= 3.0f * kModeDeviation) ++near[static_cast<std::size_t>(mode)];
    }
  }
  Coverage coverage;
  for (const std::size_t points_of_mode : near) {
    coverage.share += static_cast<double>(points_of_mode) / static_cast<double>(count);
    if (50 * points_of_mode >= count) ++coverage.modes;
  }
  return coverage;
}

}  // namespace

TEST_CASE("gan overfit: the generator learns a ring of eight Gaussians") {
  for (const AdversarialLoss loss : {AdversarialLoss::kNonSaturating,
                                     AdversarialLoss::kLeastSquares, AdversarialLoss::kHinge}) {
    for (const std::uint32_t seed : {1u, 2u, 3u}) {
      CAPTURE(static_cast<int>(loss));
      CAPTURE(seed);
      Gan gan(ring(512), ring_generator(seed), ring_discriminator(seed + 100),
              ring_training(loss, seed));
      const Floats noise = gan.fixed_noise(500);
      CHECK(coverage_of(gan.inference().generate(noise, {})).share < 0.3);
      play(gan, 2000);
      const auto [share, modes] = coverage_of(gan.inference().generate(noise, {}));
      CHECK(share > 0.7);
      CHECK(modes >= 6);
    }
  }
}

}  // namespace kernelgarten::test
