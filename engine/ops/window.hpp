#pragma once

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

enum class Padding { kSame, kValid };

/// Square windows moving over an image: sizes of one axis pair, and the zeros before its start.
/// Shared by convolution and pooling. Pads as TensorFlow does: `same` gives ceil(size / stride)
/// outputs and puts the odd cell of padding at the end.
struct WindowGrid {
  Index in_height, in_width;
  Index size, stride;
  Index out_height, out_width;
  Index pad_top, pad_left;
};

inline Index padding_before(Index in, Index size, Index stride, Index out) {
  const Index needed = (out - 1) * stride + size - in;
  return needed > 0 ? needed / 2 : 0;
}

/// Expects size and stride of at least 1, and for `valid` a window that fits the image.
inline WindowGrid make_window_grid(Index in_height, Index in_width, Index size, Index stride,
                                   Padding padding) {
  if (padding == Padding::kValid) {
    return {in_height,
            in_width,
            size,
            stride,
            (in_height - size) / stride + 1,
            (in_width - size) / stride + 1,
            0,
            0};
  }
  const Index out_height = (in_height + stride - 1) / stride;
  const Index out_width = (in_width + stride - 1) / stride;
  return {in_height,
          in_width,
          size,
          stride,
          out_height,
          out_width,
          padding_before(in_height, size, stride, out_height),
          padding_before(in_width, size, stride, out_width)};
}

/// Output sizes of a transposed convolution: `same` gives size * stride, `valid` the shortest image
/// that all windows fit into; `output_padding` rows and columns more at the end. The grid is that
/// of the convolution it is the transpose of: its image is the output, its windows the input's
/// pixels.
inline WindowGrid make_transposed_grid(Index in_height, Index in_width, Index size, Index stride,
                                       Padding padding, Index output_padding) {
  const auto out = [&](Index in) {
    return (padding == Padding::kSame ? in * stride : (in - 1) * stride + size) + output_padding;
  };
  const auto before = [&](Index in) {
    return padding == Padding::kSame ? padding_before(in * stride, size, stride, in) : 0;
  };
  return {out(in_height),    out(in_width),   size, stride, in_height, in_width,
          before(in_height), before(in_width)};
}

}  // namespace kernelgarten
