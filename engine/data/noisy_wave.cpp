#include "engine/data/noisy_wave.hpp"

#include <cmath>
#include <numbers>

#include "engine/tensor/check.hpp"
#include "engine/tensor/random.hpp"

namespace kernelgarten {
namespace {

double wave(double t) {
  constexpr double kPeriod = 25.0;
  const double angle = 2.0 * std::numbers::pi * t / kPeriod;
  return 0.6 * std::sin(angle) + 0.4 * std::sin(angle / std::sqrt(5.0));
}

}  // namespace

std::vector<float> noisy_wave(Index count, double noise, std::uint32_t seed) {
  constexpr Index kMostValues = 1 << 24;
  check(count >= 0 && count <= kMostValues, "[wave] expected 0 to ", kMostValues, " values, got ",
        count);
  check(noise >= 0.0 && std::isfinite(noise), "[wave] noise must be 0 or a positive number, got ",
        noise);
  Random random(seed, random_stream(RandomUse::kNoise, 0));
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t t = 0; t < values.size(); ++t) {
    const double clean = wave(static_cast<double>(t));
    values[t] = static_cast<float>(clean + noise * double{random.normal()});
  }
  return values;
}

}  // namespace kernelgarten
