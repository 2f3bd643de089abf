#pragma once

#include "engine/ops/output_gradient.hpp"

namespace kernelgarten {

/// Convolution in its plainest form as a matrix product: the windows of each image are written down
/// as the rows of a matrix (im2col). Chellapilla, Puri, Simard, "High performance convolutional
/// neural networks for document processing", 2006.
Index im2col_scratch_size(const Conv2dParams& params);

void im2col_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch);

/// d_in (written; skipped if null) and d_weight += for the gradient d_out, which is not pooled.
void im2col_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                     const float* weight, const Conv2dParams& params, Scratch scratch);

/// d_in (written), alone.
void im2col_input_gradient(float* d_in, const float* d_out, const float* weight,
                           const Conv2dParams& params, Scratch scratch);

}  // namespace kernelgarten
