#pragma once

#include "engine/simd/loops.hpp"

namespace kernelgarten {

/// sums[j] += sum over i of rows[i, j]: the gradient of a bias that was added to every row. The
/// rows are `row_stride` apart. Four rows at a time, so that the sums are not written and read again
/// for each.
inline void add_column_sums(float* sums, const float* rows, Index row_stride, Index row_count,
                            Index columns) {
  const auto add_rows = [&]<int Count>(const float* first) {
    simd::for_each_pack(columns, [&](Index j, auto lanes) {
      simd::Pack sum = lanes.load(first + j);
      for (int i = 1; i < Count; ++i) sum += lanes.load(first + i * row_stride + j);
      lanes.store(sums + j, lanes.load(sums + j) + sum);
    });
  };
  Index i = 0;
  for (; i + 4 <= row_count; i += 4) add_rows.template operator()<4>(rows + i * row_stride);
  for (; i < row_count; ++i) add_rows.template operator()<1>(rows + i * row_stride);
}

/// The same for rows that follow each other.
inline void add_column_sums(float* sums, const float* rows, Index row_count, Index columns) {
  add_column_sums(sums, rows, columns, row_count, columns);
}

}  // namespace kernelgarten
