#include "engine/ops/upsample2d.hpp"

#include <algorithm>

#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

void add(float* to, const float* from, Index count) {
  simd::zip(to, to, from, count, [](auto sum, auto value) { return sum + value; });
}

}  // namespace

void upsample2d_forward(float* out, const float* in, const Upsample2dParams& params) {
  const Index channels = params.channels, out_row = params.row_size() * params.factor;
  for (Index row = 0; row < params.batch * params.height; ++row) {
    const float* first = out;
    for (Index x = 0; x < params.width; ++x, in += channels) {
      for (Index copy = 0; copy < params.factor; ++copy) out = std::copy_n(in, channels, out);
    }
    for (Index copy = 1; copy < params.factor; ++copy) out = std::copy_n(first, out_row, out);
  }
}

void upsample2d_backward(float* d_in, const float* d_out, const Upsample2dParams& params) {
  const Index channels = params.channels;
  std::fill_n(d_in, params.batch * params.height * params.row_size(), 0.0f);
  for (Index row = 0; row < params.batch * params.height; ++row) {
    for (Index copy = 0; copy < params.factor; ++copy) {
      for (Index x = 0; x < params.width * params.factor; ++x, d_out += channels) {
        add(d_in + x / params.factor * channels, d_out, channels);
      }
    }
    d_in += params.row_size();
  }
}

}  // namespace kernelgarten
