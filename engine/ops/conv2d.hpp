#pragma once

#include "engine/ops/window.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

struct Conv2dParams {
  Index batch;
  Index in_channels;
  Index out_channels;
  WindowGrid grid;

  Index in_size() const { return grid.in_height * grid.in_width * in_channels; }
  Index out_pixels() const { return grid.out_height * grid.out_width; }
  Index out_size() const { return out_pixels() * out_channels; }
  /// Length of one window: kernel height x kernel width x in_channels.
  Index window_size() const { return grid.size * grid.size * in_channels; }
};

/// Floats of scratch for either direction.
Index conv2d_scratch_size(const Conv2dParams& params);

/// Two-dimensional cross-correlation, NHWC with HWIO weights:
///   out[n, y, x, o] = bias[o] + sum over i, j, c of
///                     in[n, y s + i - top, x s + j - left, c] weight[i, j, c, o]
/// Each image's windows become the rows of a matrix (im2col), which one matrix product multiplies
/// with the weights. Chellapilla, Puri, Simard, "High performance convolutional neural networks
/// for document processing", 2006.
void conv2d_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch);

/// d_in (written; skipped if null), d_weight += , d_bias += for the gradient d_out.
void conv2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                     const float* in, const float* weight, const Conv2dParams& params,
                     Scratch scratch);

}  // namespace kernelgarten
