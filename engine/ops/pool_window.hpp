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

/// The largest of a window of 2 x 2, whose upper left pixel is `first`, in an image `width` wide.
inline Largest largest_of_square(simd::Pack upper_left, simd::Pack upper_right,
                                 simd::Pack lower_left, simd::Pack lower_right, std::int32_t first,
                                 std::int32_t width) {
  Largest largest(upper_left, first);
  largest.see(upper_right, first + 1);
  largest.see(lower_left, first + width);
  largest.see(lower_right, first + width + 1);
  return largest;
}

}  // namespace kernelgarten
