#pragma once

#include "engine/ops/conv2d_relu_pool.hpp"
#include "engine/ops/output_gradient.hpp"

namespace kernelgarten {

/// Convolution as a product of matrices of which the first is never written down: pixel p, tap t of
/// the matrix of windows is padded_image[pixel_offset[p] + tap_offset[t]], so two short tables of
/// offsets stand for it. Its transpose, for the weight gradient, is the tables exchanged.
Index direct_scratch_size(const Conv2dParams& params);

void direct_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch);

/// `conv2d_relu_pool_forward`.
void direct_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                              const float* weight, const float* bias, const Conv2dParams& params,
                              Scratch scratch);

/// d_in (written; skipped if null) and d_weight += for the gradient d_out. The input gradient of
/// windows one pixel apart is a convolution as well, with the filters turned by half a turn; that
/// of others is left to im2col, which takes no pooled gradient.
void direct_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                     const float* weight, const Conv2dParams& params, Scratch scratch);

}  // namespace kernelgarten
