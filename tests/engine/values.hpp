#pragma once

// Numbers to feed to an op, and the comparison of what it gives back with the oracle.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "engine/tensor/aligned_buffer.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten::test {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Uniform on [low, high), from a generator that is not the engine's.
inline Floats random_values(Index count, std::uint32_t seed, float low = -1.0f, float high = 1.0f) {
  std::mt19937 generator(seed);
  Floats values(static_cast<std::size_t>(count));
  for (float& value : values) {
    value = low + (high - low) * static_cast<float>(generator() >> 8) * 0x1p-24f;
  }
  return values;
}

/// Different multiples of 0.1 around zero, none of them zero, in random order: no ties, no kinks.
inline Floats distinct_values(Index count, std::uint32_t seed) {
  Floats values(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) {
    values[static_cast<std::size_t>(i)] = 0.1f * (static_cast<float>(i - count / 2) + 0.5f);
  }
  std::mt19937 generator(seed);
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[generator() % left]);
  }
  return values;
}

/// What an op that says "written" must overwrite.
inline Floats poison(Index count) { return Floats(static_cast<std::size_t>(count), kNaN); }

inline Floats filled(Index count, float value) {
  return Floats(static_cast<std::size_t>(count), value);
}

inline Doubles widen(const Floats& values) { return {values.begin(), values.end()}; }

inline Floats narrow(const Doubles& values) {
  Floats narrowed(values.size());
  std::transform(values.begin(), values.end(), narrowed.begin(),
                 [](double value) { return static_cast<float>(value); });
  return narrowed;
}

/// Each number within `tolerance` of the expected one, relative to it where it is larger than 1.
/// One assertion for all, about the worst of them.
inline void check_close(const Floats& actual, const Doubles& expected, double tolerance) {
  REQUIRE(actual.size() == expected.size());
  std::size_t worst = 0;
  double largest_error = 0.0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double scale = std::max(1.0, std::fabs(expected[i]));
    const double error = std::fabs(static_cast<double>(actual[i]) - expected[i]) / scale;
    if (error <= largest_error) continue;
    worst = i;
    largest_error = error;
    if (std::isnan(error)) break;
  }
  if (actual.empty()) return;
  CAPTURE(worst);
  CAPTURE(actual[worst]);
  CAPTURE(expected[worst]);
  CHECK(largest_error <= tolerance);
}

inline void check_close(const Floats& actual, const Floats& expected, double tolerance) {
  check_close(actual, widen(expected), tolerance);
}

/// Exactly as much scratch as the op asked for, full of NaN.
class ScratchBuffer {
 public:
  explicit ScratchBuffer(Index count) : buffer_(count) { std::fill_n(buffer_.data(), count, kNaN); }
  operator Scratch() { return Scratch(buffer_.data()); }

 private:
  AlignedBuffer<float> buffer_;
};

}  // namespace kernelgarten::test
