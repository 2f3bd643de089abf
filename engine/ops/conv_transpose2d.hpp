#pragma once

#include "engine/ops/conv2d.hpp"

namespace kernelgarten {

struct ConvTranspose2dParams {
  Index batch;
  Index in_channels;
  Index out_channels;
  /// Of the convolution that this is the transpose of; see make_transposed_grid.
  WindowGrid grid;

  Index in_pixels() const { return grid.out_height * grid.out_width; }
  Index out_pixels() const { return grid.in_height * grid.in_width; }
  Index out_size() const { return out_pixels() * out_channels; }
};

/// The fastest way to compute the convolution that this is the transpose of.
Conv2dMethod choose_conv_transpose2d_method(const ConvTranspose2dParams& params);

/// Floats of scratch for either direction.
Index conv_transpose2d_scratch_size(const ConvTranspose2dParams& params, Conv2dMethod method);

/// Transposed convolution: every pixel of the input adds a window, weighted, to the output. NHWC,
/// with weights [kernel, kernel, out_channels, in_channels] as TensorFlow has them:
///   out[n, y s + i - top, x s + j - left, o] += sum over c of in[n, y, x, c] weight[i, j, o, c]
/// on top of bias[o]. It is what a convolution with these weights does to a gradient on its way
/// back. Where the kernel is no multiple of the stride, some outputs are reached by more windows
/// than their neighbours, which shows as a checkerboard (Odena et al., "Deconvolution and
/// checkerboard artifacts", Distill 2016).
/// Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
void conv_transpose2d_forward(float* out, const float* in, const float* weight, const float* bias,
                              const ConvTranspose2dParams& params, Conv2dMethod method,
                              Scratch scratch);

/// d_in (written; skipped if null), d_weight += , d_bias += (both skipped if null) for the gradient
/// d_out.
void conv_transpose2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                               const float* in, const float* weight,
                               const ConvTranspose2dParams& params, Conv2dMethod method,
                               Scratch scratch);

}  // namespace kernelgarten
