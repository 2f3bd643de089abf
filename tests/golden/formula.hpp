#pragma once

#include <cstdint>
#include <vector>

// Inputs that the tests and make_golden.py compute alike, so that only results have to be stored.

namespace kernelgarten::golden {

/// A number in [-1, 1) that looks random, exact in float: the integer hash of MurmurHash3's end.
inline float value(std::uint32_t salt, std::uint32_t index) {
  std::uint32_t x = (index + 1) * 2654435761u ^ salt * 0x9E3779B9u;
  x = (x ^ x >> 16) * 0x85EBCA6Bu;
  x = (x ^ x >> 13) * 0xC2B2AE35u;
  x ^= x >> 16;
  return static_cast<float>(x >> 8) * 0x1p-23f - 1.0f;
}

/// scale * value(salt, 0 .. count - 1) + offset
inline std::vector<float> values(std::uint32_t salt, std::size_t count, float scale = 1.0f,
                                 float offset = 0.0f) {
  std::vector<float> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    all[i] = scale * value(salt, static_cast<std::uint32_t>(i)) + offset;
  }
  return all;
}

}  // namespace kernelgarten::golden
