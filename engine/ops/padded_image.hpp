#pragma once

#include <algorithm>

#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

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

  /// Puts an image at (top, left); what lies around it is left alone.
  void copy_in(const float* image, Index image_height, Index image_width, Index image_channels,
               Index top, Index left) const {
    for_each_run(image_height, image_width, image_channels, top, left,
                 [&](float* own, Index offset, Index count) {
                   std::copy_n(image + offset, count, own);
                 });
  }

  /// Takes it out again.
  void copy_out(float* image, Index image_height, Index image_width, Index image_channels,
                Index top, Index left) const {
    for_each_run(image_height, image_width, image_channels, top, left,
                 [&](const float* own, Index offset, Index count) {
                   std::copy_n(own, count, image + offset);
                 });
  }

 private:
  /// visit(own, offset, count) for the stretches that lie together in both images.
  template <class Visit>
  void for_each_run(Index image_height, Index image_width, Index image_channels, Index top,
                    Index left, Visit visit) const {
    const bool whole_rows = image_channels == channels;
    const Index runs = whole_rows ? 1 : image_width;
    const Index count = whole_rows ? image_width * channels : image_channels;
    for (Index y = 0; y < image_height; ++y) {
      for (Index x = 0; x < runs; ++x) {
        visit(at(top + y, left + x), (y * image_width + x) * image_channels, count);
      }
    }
  }
};

}  // namespace kernelgarten
