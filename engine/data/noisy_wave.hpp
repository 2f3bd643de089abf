#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// A wave to be foreseen through noise, `count` values of it:
///   x[t] = 0.6 sin(2 pi t / 25) + 0.4 sin(2 pi t / (25 sqrt 5)) + noise * n[t]
/// The periods, 25 and about 55.9 steps, have no common multiple, so the wave, within [-1, 1],
/// never repeats. n[t] is standard normal, from the seed: the same numbers everywhere. Whoever
/// knows all that went before still misses the next value by noise^2 in the mean of squares. Throws
/// InvalidArgument for a count that is negative or too large, and a noise that is negative or no
/// finite number.
std::vector<float> noisy_wave(Index count, double noise, std::uint32_t seed);

}  // namespace kernelgarten
