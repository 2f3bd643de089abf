#pragma once

#include "engine/ops/conv2d_relu_pool.hpp"
#include "engine/ops/output_gradient.hpp"

namespace kernelgarten {

/// Convolution by Winograd's minimal filtering with output tiles of m x m, m = 2 or 4: the formulas
/// are in `winograd_transform.hpp`. Multiplying element by element and adding over the channels is
/// one small matrix product for each position in a tile, [tiles, in_channels] x
/// [in_channels, out_channels].
///
/// A window of k x k that moves s pixels at a time is one of ceil(k / s) x ceil(k / s) that moves
/// one at a time, over an image whose s x s neighbours are channels of one pixel.

/// Whether it computes this convolution: three such taps, or two with the larger tile.
template <int m>
bool winograd_applies(const Conv2dParams& params);

/// How many times fewer multiplications it takes than the sum as it is written. Where the size is
/// no multiple of the stride, part of its taps are zeros, and this may be less than 1.
template <int m>
double winograd_saving(const Conv2dParams& params);

template <int m>
Index winograd_scratch_size(const Conv2dParams& params);

template <int m>
void winograd_forward(float* out, const float* in, const float* weight, const float* bias,
                      const Conv2dParams& params, Scratch scratch);

/// `conv2d_relu_pool_forward`.
template <int m>
void winograd_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                                const float* weight, const float* bias, const Conv2dParams& params,
                                Scratch scratch);

/// d_in (written; skipped if null) and d_weight += for the gradient d_out.
template <int m>
void winograd_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                       const float* weight, const Conv2dParams& params, Scratch scratch);

}  // namespace kernelgarten
