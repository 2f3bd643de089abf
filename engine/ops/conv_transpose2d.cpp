#include "engine/ops/conv_transpose2d.hpp"

#include <algorithm>

#include "engine/ops/column_sums.hpp"
#include "engine/ops/conv2d_im2col.hpp"

namespace kernelgarten {
namespace {

/// The convolution from the output to the input.
Conv2dParams transposed(const ConvTranspose2dParams& params) {
  return {params.batch, params.out_channels, params.in_channels, params.grid};
}

}  // namespace

Index conv_transpose2d_scratch_size(const ConvTranspose2dParams& params) {
  return im2col_scratch_size(transposed(params));
}

void conv_transpose2d_forward(float* out, const float* in, const float* weight, const float* bias,
                              const ConvTranspose2dParams& params, Scratch scratch) {
  const Index channels = params.out_channels;
  for (Index pixel = 0; pixel < params.batch * params.out_pixels(); ++pixel) {
    std::copy_n(bias, channels, out + pixel * channels);
  }
  im2col_add_input_gradient(out, in, weight, transposed(params), scratch);
}

void conv_transpose2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                               const float* in, const float* weight,
                               const ConvTranspose2dParams& params, Scratch scratch) {
  im2col_forward_and_weight_gradient(d_in, d_weight, d_out, in, weight, transposed(params), scratch);
  if (d_bias == nullptr) return;
  add_column_sums(d_bias, d_out, params.batch * params.out_pixels(), params.out_channels);
}

}  // namespace kernelgarten
