#include "engine/data/noisy_wave.hpp"

#include <numbers>

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

Doubles noise_of(const Floats& noisy, const Floats& clean) {
  Doubles noise(noisy.size());
  for (std::size_t t = 0; t < noise.size(); ++t) noise[t] = double{noisy[t]} - double{clean[t]};
  return noise;
}

}  // namespace

TEST_CASE("noisy wave: without noise it is the sum of two sines") {
  const Floats values = noisy_wave(500, 0.0, 1);
  Doubles expected(500);
  for (std::size_t t = 0; t < 500; ++t) {
    const double turn = 2.0 * std::numbers::pi * static_cast<double>(t);
    expected[t] = 0.6 * std::sin(turn / 25.0) + 0.4 * std::sin(turn / 55.90169943749474);
  }
  check_close(values, expected, 1e-6);
  CHECK(noisy_wave(500, 0.0, 2) == values);
  CHECK(noisy_wave(0, 0.0, 1).empty());
}

TEST_CASE("noisy wave: its noise is normal, of the spread asked for, and named by the seed") {
  constexpr Index kCount = 20000;
  const Floats noisy = noisy_wave(kCount, 0.3, 5);
  double mean = 0.0, square = 0.0, neighbours = 0.0, within = 0.0;
  const Doubles noise = noise_of(noisy, noisy_wave(kCount, 0.0, 5));
  for (std::size_t t = 0; t < noise.size(); ++t) {
    mean += noise[t] / kCount;
    square += noise[t] * noise[t] / kCount;
    within += std::fabs(noise[t]) < 0.3 ? 1.0 / kCount : 0.0;
    if (t > 0) neighbours += noise[t] * noise[t - 1] / kCount;
  }
  // Five standard errors each.
  const double root = std::sqrt(kCount);
  CHECK(std::fabs(mean) < 5.0 * 0.3 / root);
  CHECK(std::fabs(square - 0.09) < 5.0 * 0.09 * std::numbers::sqrt2 / root);
  CHECK(std::fabs(neighbours) < 5.0 * 0.09 / root);
  CHECK(std::fabs(within - 0.6827) < 5.0 * std::sqrt(0.6827 * 0.3173) / root);

  CHECK(noisy_wave(kCount, 0.3, 5) == noisy);
  CHECK(noisy_wave(kCount, 0.3, 6) != noisy);
  // A longer one begins like a shorter one.
  CHECK(noisy_wave(10, 0.3, 5) == Floats(noisy.begin(), noisy.begin() + 10));
}

TEST_CASE("noisy wave: says what it expected") {
  const auto message = [](Index count, double noise) {
    return message_of<InvalidArgument>([&] { noisy_wave(count, noise, 1); });
  };
  CHECK(message(-1, 0.1) == doctest::Contains("[wave] expected 0 to 16777216 values, got -1"));
  CHECK(message(1 << 25, 0.1) == doctest::Contains("got 33554432"));
  CHECK(message(9, -0.5) ==
        doctest::Contains("[wave] noise must be 0 or a positive number, got -0.5"));
  CHECK(message(9, std::nan("")) == doctest::Contains("nan"));
  CHECK(message(9, std::numeric_limits<double>::infinity()) == doctest::Contains("inf"));
}

}  // namespace kernelgarten::test
