#include "engine/ops/dense.hpp"

#include <algorithm>

#include "engine/ops/column_sums.hpp"
#include "engine/ops/gemm.hpp"

namespace kernelgarten {

Index dense_scratch_size(const DenseParams& params) {
  return std::max({gemm_scratch_size(params.units, params.inputs),
                   gemm_scratch_size(params.units, params.batch),
                   gemm_scratch_size(params.inputs, params.units)});
}

void dense_forward(float* out, const float* in, const float* weight, const float* bias,
                   const DenseParams& params, Scratch scratch) {
  gemm(out, params.units, row_major(in, params.inputs), row_major(weight, params.units),
       params.batch, params.units, params.inputs, GemmInit::kBias, scratch, bias);
}

void dense_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                    const float* in, const float* weight, const DenseParams& params,
                    Scratch scratch) {
  const MatrixView d_out_view = row_major(d_out, params.units);
  gemm(d_weight, params.units, row_major(in, params.inputs).transposed(), d_out_view, params.inputs,
       params.units, params.batch, GemmInit::kAccumulate, scratch);
  add_column_sums(d_bias, d_out, params.batch, params.units);
  if (d_in == nullptr) return;
  gemm(d_in, params.inputs, d_out_view, row_major(weight, params.units).transposed(), params.batch,
       params.inputs, params.units, GemmInit::kZero, scratch);
}

}  // namespace kernelgarten
