#pragma once

#include <cstdint>

#include "engine/ops/conv2d.hpp"
#include "engine/ops/padded_image.hpp"

namespace kernelgarten {

/// The gradient of a convolution's output, image by image: as it is, or where max pooling follows,
/// as the pooled gradient and the pixels that won (winner is null without pooling).
struct OutputGradient {
  const float* gradient;
  const std::int32_t* winner = nullptr;

  bool pooled() const { return winner != nullptr; }
  /// Puts that of image n at (top, left).
  void write(const PaddedImage& to, const Conv2dParams& params, Index n, Index top,
             Index left) const;
};

}  // namespace kernelgarten
