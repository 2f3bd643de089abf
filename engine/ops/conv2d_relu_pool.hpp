#pragma once

#include <cstdint>

#include "engine/ops/conv2d.hpp"

namespace kernelgarten {

/// Windows of 2 x 2 pixels, 2 apart.
inline constexpr Index kPoolSide = 2;

/// Whether `conv2d_relu_pool` pays for this convolution: its outputs make whole windows, and it is
/// not one for im2col, which has to write its outputs down.
bool relu_pool_applies(const Conv2dParams& params);

/// Floats of scratch for either direction.
Index conv2d_relu_pool_scratch_size(const Conv2dParams& params, Conv2dMethod method);

/// Convolution, ReLU and max pooling over 2 x 2 pixels at once:
///   out[n, y, x, o] = max(0, largest of conv2d(in)[n, 2 y + (0, 1), 2 x + (0, 1), o])
/// ReLU after pooling is ReLU before it, on a quarter of the numbers, and the outputs of the
/// convolution are never written down. `winner` is that of `max_pool2d_forward`. Same bits as the
/// three ops one after another; the method is direct or Winograd's.
void conv2d_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                              const float* weight, const float* bias, const Conv2dParams& params,
                              Conv2dMethod method, Scratch scratch);

/// d_in (written; skipped if null), d_weight += , d_bias += (both skipped if null) for the gradient
/// d_out.
void conv2d_relu_pool_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                               const float* out, const std::int32_t* winner, const float* in,
                               const float* weight, const Conv2dParams& params, Conv2dMethod method,
                               Scratch scratch);

}  // namespace kernelgarten
