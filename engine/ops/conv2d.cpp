#include "engine/ops/conv2d.hpp"

#include <algorithm>
#include <limits>

#include "engine/ops/activation.hpp"
#include "engine/ops/column_sums.hpp"
#include "engine/ops/conv2d_direct.hpp"
#include "engine/ops/conv2d_im2col.hpp"
#include "engine/ops/conv2d_relu_pool.hpp"
#include "engine/ops/conv2d_winograd.hpp"
#include "engine/simd/lane_pack.hpp"

namespace kernelgarten {
namespace {

/// One method's functions; im2col has none that pools.
struct Implementation {
  decltype(&im2col_scratch_size) scratch_size;
  decltype(&im2col_forward) forward;
  decltype(&im2col_backward) backward;
  decltype(&direct_relu_pool_forward) relu_pool_forward;
};

Implementation implementation(Conv2dMethod method) {
  switch (method) {
    case Conv2dMethod::kIm2col:
      return {im2col_scratch_size, im2col_forward, im2col_backward, nullptr};
    case Conv2dMethod::kDirect:
      return {direct_scratch_size, direct_forward, direct_backward, direct_relu_pool_forward};
    case Conv2dMethod::kWinograd2:
      return {winograd_scratch_size<2>, winograd_forward<2>, winograd_backward<2>,
              winograd_relu_pool_forward<2>};
    case Conv2dMethod::kWinograd4:
      return {winograd_scratch_size<4>, winograd_forward<4>, winograd_backward<4>,
              winograd_relu_pool_forward<4>};
  }
  return {};
}

/// No window is larger.
constexpr Index kMostWindow = std::numeric_limits<Index>::max();

bool winograd_pays(const Conv2dParams& params) {
  constexpr double kLeastSaving = 2.0;
  return winograd_applies<4>(params) && winograd_saving<4>(params) >= kLeastSaving;
}

}  // namespace

bool applies(Conv2dMethod method, const Conv2dParams& params) {
  if (method == Conv2dMethod::kWinograd2) return winograd_applies<2>(params);
  return method != Conv2dMethod::kWinograd4 || winograd_applies<4>(params);
}

/// Measured from 1 to 128 channels and 7 x 7 to 32 x 32 pixels (`npm run bench -- conv.shapes`):
/// Winograd's larger tile wins wherever it halves the multiplications, unless its transforms find
/// too few channels to pay off; a written matrix of windows, where one window fills several
/// register tiles. Other windows with a stride are better read where they lie with 128-bit
/// registers (im2col takes 1.0 to 2.3 times as long), and written down with 512-bit ones (0.4 to
/// 0.8) unless they are a few numbers.
Conv2dMethod choose_conv2d_method(const Conv2dParams& params) {
  constexpr Index kFewChannels = 8, kLargeWindow = 512;
  constexpr Index kLargeStridedWindow = simd::kLanes > 4 ? 64 : kMostWindow;
  const bool few = std::min(params.in_channels, params.out_channels) < kFewChannels;
  if (winograd_pays(params) && !few) return Conv2dMethod::kWinograd4;
  const Index large = params.grid.stride == 1 ? kLargeWindow : kLargeStridedWindow;
  return params.window_size() < large ? Conv2dMethod::kDirect : Conv2dMethod::kIm2col;
}

Index conv2d_scratch_size(const Conv2dParams& params, Conv2dMethod method) {
  return implementation(method).scratch_size(params);
}

void conv2d_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Conv2dMethod method, Scratch scratch) {
  implementation(method).forward(out, in, weight, bias, params, scratch);
}

void conv2d_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                     const float* in, const float* weight, const Conv2dParams& params,
                     Conv2dMethod method, Scratch scratch) {
  implementation(method).backward(d_in, d_weight, {d_out}, in, weight, params, scratch);
  if (d_bias == nullptr) return;
  add_column_sums(d_bias, d_out, params.batch * params.out_pixels(), params.out_channels);
}

bool relu_pool_applies(const Conv2dParams& params) {
  return params.grid.out_height % kPoolSide == 0 && params.grid.out_width % kPoolSide == 0 &&
         params.grid.stride == 1 && choose_conv2d_method(params) != Conv2dMethod::kIm2col;
}

Index conv2d_relu_pool_scratch_size(const Conv2dParams& params, Conv2dMethod method) {
  const Index pooled = params.batch * params.out_size() / (kPoolSide * kPoolSide);
  return aligned_count(pooled) + conv2d_scratch_size(params, method);
}

void conv2d_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                              const float* weight, const float* bias, const Conv2dParams& params,
                              Conv2dMethod method, Scratch scratch) {
  implementation(method).relu_pool_forward(out, winner, in, weight, bias, params, scratch);
}

void conv2d_relu_pool_backward(float* d_in, float* d_weight, float* d_bias, const float* d_out,
                               const float* out, const std::int32_t* winner, const float* in,
                               const float* weight, const Conv2dParams& params, Conv2dMethod method,
                               Scratch scratch) {
  const Index windows = params.batch * params.out_pixels() / (kPoolSide * kPoolSide);
  const Index count = windows * params.out_channels;
  float* d_largest = scratch.take(count);
  activation_backward(d_largest, d_out, out, count, Relu{});
  implementation(method).backward(d_in, d_weight, {d_largest, winner}, in, weight, params, scratch);
  // Each window has one winner, so the sum over all pixels is that over the windows.
  if (d_bias != nullptr) add_column_sums(d_bias, d_largest, windows, params.out_channels);
}

}  // namespace kernelgarten
