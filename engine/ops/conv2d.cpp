#include "engine/ops/conv2d.hpp"

#include <algorithm>

#include "engine/ops/column_sums.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/ops/im2col.hpp"

namespace kernelgarten {

Index conv2d_scratch_size(const Conv2dParams& params) {
  const Index window = params.window_size();
  const Index packed =
      std::max({packed_size(window, params.out_channels), packed_size(params.out_channels, window),
                packed_size(params.out_pixels(), params.out_channels)});
  return aligned_count(params.out_pixels() * window) + aligned_count(packed);
}

void conv2d_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch) {
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(window, params.out_channels)),
                  row_major(weight, params.out_channels), window, params.out_channels);
  for (Index n = 0; n < params.batch; ++n) {
    im2col(columns, in + n * params.in_size(), params);
    gemm_packed(out + n * params.out_size(), params.out_channels, row_major(columns, window),
                packed, params.out_pixels(), GemmInit::kBias, bias);
  }
}

namespace {

void add_weight_gradient(float* d_weight, const float* d_out, const float* in,
                         const Conv2dParams& params, Scratch scratch) {
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  for (Index n = 0; n < params.batch; ++n) {
    im2col(columns, in + n * params.in_size(), params);
    gemm(d_weight, params.out_channels, row_major(columns, window).transposed(),
         row_major(d_out + n * params.out_size(), params.out_channels), window, params.out_channels,
         params.out_pixels(), GemmInit::kAccumulate, scratch);
  }
}

void write_input_gradient(float* d_in, const float* d_out, const float* weight,
                          const Conv2dParams& params, Scratch scratch) {
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(params.out_channels, window)),
                  row_major(weight, params.out_channels).transposed(), params.out_channels, window);
  for (Index n = 0; n < params.batch; ++n) {
    gemm_packed(columns, window, row_major(d_out + n * params.out_size(), params.out_channels),
                packed, params.out_pixels(), GemmInit::kZero);
    col2im(d_in + n * params.in_size(), columns, params);
  }
}

}  // namespace

void conv2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                     const float* in, const float* weight, const Conv2dParams& params,
                     Scratch scratch) {
  add_weight_gradient(d_weight, d_out, in, params, scratch);
  add_column_sums(d_bias, d_out, params.batch * params.out_pixels(), params.out_channels);
  if (d_in != nullptr) write_input_gradient(d_in, d_out, weight, params, scratch);
}

}  // namespace kernelgarten
