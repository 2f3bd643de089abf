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
  training.batch_size = 32;
  training.loss = loss;
  training.averaging = 0.99;
  training.generator = training.discriminator = {.learning_rate = 1e-2, .beta1 = 0.5};
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

void check_learns(AdversarialLoss loss, std::uint32_t seed) {
  CAPTURE(static_cast<int>(loss));
  CAPTURE(seed);
  Gan gan(ring(512), ring_generator(seed), ring_discriminator(seed + 100),
          ring_training(loss, seed));
  const Floats noise = gan.fixed_noise(500);
  CHECK(coverage_of(gan.inference().generate(noise, {})).share < 0.3);
  play(gan, 1500);
  const auto [share, modes] = coverage_of(gan.inference().generate(noise, {}));
  CHECK(share > 0.6);
  CHECK(modes >= 6);
}

}  // namespace

TEST_CASE("gan overfit: the generator learns a ring of eight Gaussians") {
  for (const std::uint32_t seed : {1u, 2u, 3u}) check_learns(AdversarialLoss::kNonSaturating, seed);
}

TEST_CASE("gan overfit: so it does with least squares and with the hinge loss") {
  check_learns(AdversarialLoss::kLeastSquares, 1);
  check_learns(AdversarialLoss::kHinge, 1);
}

}  // namespace kernelgarten::test
