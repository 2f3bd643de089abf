#include "engine/ops/conv_transpose2d.hpp"

#include "engine/ops/column_sums.hpp"
#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

/// The convolution from the output to the input.
Conv2dParams transposed(const ConvTranspose2dParams& params) {
  return {params.batch, params.out_channels, params.in_channels, params.grid};
}

}  // namespace

Conv2dMethod choose_conv_transpose2d_method(const ConvTranspose2dParams& params) {
  return choose_conv2d_method(transposed(params));
}

Index conv_transpose2d_scratch_size(const ConvTranspose2dParams& params, Conv2dMethod method) {
  return conv2d_scratch_size(transposed(params), method);
}

void conv_transpose2d_forward(float* out, const float* in, const float* weight, const float* bias,
                              const ConvTranspose2dParams& params, Conv2dMethod method,
                              Scratch scratch) {
  conv2d_backward(out, nullptr, nullptr, in, nullptr, weight, transposed(params), method, scratch);
  const Index channels = params.out_channels;
  for (Index pixel = 0; pixel < params.batch * params.out_pixels(); ++pixel, out += channels) {
    simd::zip(out, out, bias, channels, [](auto sum, auto shift) { return sum + shift; });
  }
}

void conv_transpose2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                               const float* in, const float* weight,
                               const ConvTranspose2dParams& params, Conv2dMethod method,
                               Scratch scratch) {
  const Conv2dParams conv = transposed(params);
  if (d_in != nullptr) conv2d_forward(d_in, d_out, weight, nullptr, conv, method, scratch);
  if (d_weight != nullptr) {
    conv2d_backward(nullptr, d_weight, nullptr, in, d_out, weight, conv, method, scratch);
  }
  if (d_bias == nullptr) return;
  add_column_sums(d_bias, d_out, params.batch * params.out_pixels(), params.out_channels);
}

}  // namespace kernelgarten
