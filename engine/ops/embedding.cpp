#include "engine/ops/embedding.hpp"

#include <algorithm>

#include "engine/simd/loops.hpp"

namespace kernelgarten {

void embedding_forward(float* out, const float* symbols, const float* table,
                       const EmbeddingParams& params) {
  for (Index i = 0; i < params.count; ++i) {
    const auto symbol = static_cast<Index>(symbols[i]);
    std::copy_n(table + symbol * params.units, params.units, out + i * params.units);
  }
}

void embedding_backward(float* d_table, const float* d_out, const float* symbols,
                        const EmbeddingParams& params) {
  for (Index i = 0; i < params.count; ++i) {
    float* row = d_table + static_cast<Index>(symbols[i]) * params.units;
    simd::zip(row, row, d_out + i * params.units, params.units,
              [](auto sum, auto d) { return sum + d; });
  }
}

}  // namespace kernelgarten
