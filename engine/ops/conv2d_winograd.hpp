#pragma once

#include "engine/ops/conv2d_relu_pool.hpp"
#include "engine/ops/output_gradient.hpp"

namespace kernelgarten {

/// Whether Winograd's algorithm computes this convolution: 3 x 3 windows, one pixel apart.
bool winograd_applies(const Conv2dParams& params);

/// Convolution by Winograd's minimal filtering with output tiles of m x m, m = 2 or 4: the formulas
/// are in `winograd_transform.hpp`. Multiplying element by element and adding over the channels is
/// one small matrix product for each position in a tile, [tiles, in_channels] x
/// [in_channels, out_channels].
template <int m>
Index winograd_scratch_size(const Conv2dParams& params);

template <int m>
void winograd_forward(float* out, const float* in, const float* weight, const float* bias,
                      const Conv2dParams& params, Scratch scratch);

/// `conv2d_relu_pool_forward`.
template <int m>
void winograd_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                                const float* weight, const float* bias,
                                const Conv2dParams& params, Scratch scratch);

/// d_in (written; skipped if null) and d_weight += for the gradient d_out.
template <int m>
void winograd_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                       const float* weight, const Conv2dParams& params, Scratch scratch);

}  // namespace kernelgarten
