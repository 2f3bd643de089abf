#pragma once

#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

struct DenseParams {
  Index batch;
  Index inputs;
  Index units;
};

/// Floats of scratch for either direction.
Index dense_scratch_size(const DenseParams& params);

/// out [batch, units] = in [batch, inputs] weight [inputs, units] + bias [units]
void dense_forward(float* out, const float* in, const float* weight, const float* bias,
                   const DenseParams& params, Scratch scratch);

/// d_in = d_out weight^T (written; skipped if null), d_weight += in^T d_out,
/// d_bias += column sums of d_out (both skipped if null).
void dense_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                    const float* in, const float* weight, const DenseParams& params,
                    Scratch scratch);

/// Floats of scratch for either direction of a product with its ReLU.
Index dense_relu_scratch_size(const DenseParams& params);

/// out = max(in weight + bias, 0): the ReLU is in the product's epilogue.
void dense_relu_forward(float* out, const float* in, const float* weight, const float* bias,
                        const DenseParams& params, Scratch scratch);

/// As dense_backward, from the gradient `d_out` behind the ReLU, whose outputs are `out`.
void dense_relu_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                         const float* out, const float* in, const float* weight,
                         const DenseParams& params, Scratch scratch);

}  // namespace kernelgarten
