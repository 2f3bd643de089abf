#pragma once

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// out[i, j] = e^in[i, j] / sum over k of e^in[i, k] for each of `rows` rows of `columns` values.
/// The row's largest value is taken off first, which changes nothing but the range.
void softmax_forward(float* out, const float* in, Index rows, Index columns);

/// d_in[i, j] = out[i, j] (d_out[i, j] - sum over k of d_out[i, k] out[i, k]), written.
void softmax_backward(float* d_in, const float* d_out, const float* out, Index rows, Index columns);

}  // namespace kernelgarten
