#include "engine/ops/softmax.hpp"

#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {

void softmax_forward(float* out, const float* in, Index rows, Index columns) {
  for (Index i = 0; i < rows; ++i, in += columns, out += columns) {
    const float largest = simd::reduce_max(in, columns);
    simd::map(out, in, columns, [largest](auto x) { return simd::exp(x - decltype(x)(largest)); });
    const float scale = 1.0f / simd::reduce_sum(out, columns, [](auto x) { return x; });
    simd::map(out, out, columns, [scale](auto x) { return x * decltype(x)(scale); });
  }
}

void softmax_backward(float* d_in, const float* d_out, const float* out, Index rows,
                      Index columns) {
  for (Index i = 0; i < rows; ++i, d_in += columns, d_out += columns, out += columns) {
    float dot = 0.0f;
    for (Index j = 0; j < columns; ++j) dot += d_out[j] * out[j];
    simd::zip(d_in, d_out, out, columns,
              [dot](auto gradient, auto y) { return y * (gradient - decltype(y)(dot)); });
  }
}

}  // namespace kernelgarten
