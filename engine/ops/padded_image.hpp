#pragma once

#include <algorithm>

#include "engine/simd/loops.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

/// Where an image [height, width, channels] lies in a larger one: `top` rows and `left` columns
/// come before it. Then, with a stride of s > 1, the s x s pixels of each square become one pixel
/// with s * s times the channels: the first row's one after another, the second row's, and so on.
struct ImagePlace {
  Index height, width, channels;
  Index top, left;
  Index stride = 1;
};

/// An image [height, width, channels] in scratch memory that is larger than the one it holds: zeros
/// around it let a window leave the image without asking, zero channels fill up the last pack.
struct PaddedImage {
  float* data;
  Index height, width, channels;

  static Index size_of(Index height, Index width, Index channels) {
    return aligned_count(height * width * channels);
  }
  static PaddedImage take(Scratch& scratch, Index height, Index width, Index channels) {
    return {scratch.take(height * width * channels), height, width, channels};
  }

  Index row() const { return width * channels; }
  float* at(Index y, Index x) const { return data + y * row() + x * channels; }
  void clear() const { std::fill_n(data, height * row(), 0.0f); }

  /// Puts an image at its place; what lies around it is left alone.
  void copy_in(const float* image, const ImagePlace& place) const {
    for_each_run(place, [&](float* own, Index offset, Index count) {
      simd::copy(own, image + offset, count);
    });
  }

  /// Takes it out again.
  void copy_out(float* image, const ImagePlace& place) const {
    for_each_run(place, [&](const float* own, Index offset, Index count) {
      simd::copy(image + offset, own, count);
    });
  }

 private:
  /// visit(own, offset, count) for the stretches that lie together in both images.
  template <class Visit>
  void for_each_run(const ImagePlace& place, Visit visit) const {
    const Index stride = place.stride;
    const bool whole_rows = place.channels == channels;
    for (Index y = 0; y < place.height; ++y) {
      const Index own_y = place.top + y;
      float* own =
          at(own_y / stride, place.left / stride) + own_y % stride * stride * place.channels;
      Index cell = place.left % stride;
      for (Index x = 0; x < place.width; own += channels, cell = 0) {
        const Index pixels = whole_rows ? place.width : std::min(stride - cell, place.width - x);
        visit(own + cell * place.channels, (y * place.width + x) * place.channels,
              pixels * place.channels);
        x += pixels;
      }
    }
  }
};

}  // namespace kernelgarten
