#pragma once

#include "engine/simd/loops.hpp"

namespace kernelgarten {

/// sums[j] += sum over i of rows[i, j]: the gradient of a bias that was added to every row.
inline void add_column_sums(float* sums, const float* rows, Index row_count, Index columns) {
  for (Index i = 0; i < row_count; ++i) {
    simd::zip(sums, sums, rows + i * columns, columns,
              [](auto sum, auto value) { return sum + value; });
  }
}

}  // namespace kernelgarten
