#include "engine/ops/dense.hpp"

#include <algorithm>

#include "engine/ops/activation.hpp"
#include "engine/ops/column_sums.hpp"
#include "engine/ops/gemm.hpp"

namespace kernelgarten {

Index dense_scratch_size(const DenseParams& params) {
  return std::max({gemm_scratch_size(params.units, params.inputs),
                   gemm_scratch_size(params.units, params.batch),
                   gemm_scratch_size(params.inputs, params.units)});
}

namespace {

void forward(float* out, const float* in, const float* weight, const float* bias,
             const DenseParams& params, Scratch scratch, GemmActivation activation) {
  gemm(out, params.units, row_major(in, params.inputs), row_major(weight, params.units),
       params.batch, params.units, params.inputs, GemmInit::kBias, scratch, bias, activation);
}

}  // namespace

void dense_forward(float* out, const float* in, const float* weight, const float* bias,
                   const DenseParams& params, Scratch scratch) {
  forward(out, in, weight, bias, params, scratch, GemmActivation::kNone);
}

void dense_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                    const float* in, const float* weight, const DenseParams& params,
                    Scratch scratch) {
  const MatrixView d_out_view = row_major(d_out, params.units);
  if (d_weight != nullptr) {
    gemm(d_weight, params.units, row_major(in, params.inputs).transposed(), d_out_view,
         params.inputs, params.units, params.batch, GemmInit::kAccumulate, scratch);
    add_column_sums(d_bias, d_out, params.batch, params.units);
  }
  if (d_in == nullptr) return;
  gemm(d_in, params.inputs, d_out_view, row_major(weight, params.units).transposed(), params.batch,
       params.inputs, params.units, GemmInit::kZero, scratch);
}

Index dense_relu_scratch_size(const DenseParams& params) {
  return aligned_count(params.batch * params.units) + dense_scratch_size(params);
}

void dense_relu_forward(float* out, const float* in, const float* weight, const float* bias,
                        const DenseParams& params, Scratch scratch) {
  forward(out, in, weight, bias, params, scratch, GemmActivation::kRelu);
}

void dense_relu_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                         const float* out, const float* in, const float* weight,
                         const DenseParams& params, Scratch scratch) {
  const Index count = params.batch * params.units;
  float* d_sums = scratch.take(count);
  activation_backward(d_sums, d_out, out, count, Relu{});
  dense_backward(d_in, d_weight, d_bias, d_sums, in, weight, params, scratch);
}

}  // namespace kernelgarten
