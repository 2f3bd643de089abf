#pragma once

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// A table of rows [vocabulary, units], looked up for `count` symbols. A symbol is a whole number
/// from 0 to `vocabulary`, excluded, kept as a float.
struct EmbeddingParams {
  Index count;
  Index vocabulary;
  Index units;
};

/// out [count, units], out[i] = table[symbols[i]]. Whoever gives a symbol checks it.
void embedding_forward(float* out, const float* symbols, const float* table,
                       const EmbeddingParams& params);

/// d_table[symbols[i]] += d_out[i]. Symbols have no gradient.
void embedding_backward(float* d_table, const float* d_out, const float* symbols,
                        const EmbeddingParams& params);

}  // namespace kernelgarten
