#pragma once

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten {

/// The largest of the numbers seen so far, channel by channel, and the pixel it came from.
struct Largest {
  simd::Pack value;
  simd::IntPack pixel;

  Largest(simd::Pack first, std::int32_t first_pixel) : value(first), pixel(first_pixel) {}

  void see(simd::Pack other, std::int32_t other_pixel) {
    // The first of equals stays; a NaN wins, so that it is not lost.
    const auto larger = (other > value) | (other != other);
    value = simd::select(larger, other, value);
    pixel = simd::select(larger, simd::IntPack(other_pixel), pixel);
  }
};

}  // namespace kernelgarten
