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

/// The ways to compute a convolution; all give the same numbers up to rounding.
enum class Conv2dMethod { kIm2col, kDirect, kWinograd2, kWinograd4 };

/// The fastest of them for these sizes, by a rule that the measurements in bench/README.md support.
Conv2dMethod choose_conv2d_method(const Conv2dParams& params);

/// Whether a method can compute this convolution.
bool applies(Conv2dMethod method, const Conv2dParams& params);

/// Floats of scratch for either direction.
Index conv2d_scratch_size(const Conv2dParams& params, Conv2dMethod method);

/// Two-dimensional cross-correlation, NHWC with HWIO weights (`bias` is left out if null):
///   out[n, y, x, o] = bias[o] + sum over i, j, c of
///                     in[n, y s + i - top, x s + j - left, c] weight[i, j, c, o]
/// Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
void conv2d_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Conv2dMethod method, Scratch scratch);

/// d_in (written; skipped if null), d_weight += , d_bias += (both skipped if null) for the gradient
/// d_out.
void conv2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                     const float* in, const float* weight, const Conv2dParams& params,
                     Conv2dMethod method, Scratch scratch);

}  // namespace kernelgarten
