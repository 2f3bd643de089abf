#pragma once

#include "engine/simd/loops.hpp"

namespace kernelgarten {

/// sums[j] += sum over the rows i of term(i, j, lanes), a pack of numbers from column j on. Four
/// rows at a time, so that the sums are not written and read again for each.
template <class Term>
void add_column_terms(float* sums, Index row_count, Index columns, Term term) {
  const auto add_rows = [&]<int Count>(Index first) {
    simd::for_each_pack(columns, [&](Index j, auto lanes) {
      simd::Pack sum = term(first, j, lanes);
      for (int i = 1; i < Count; ++i) sum += term(first + i, j, lanes);
      lanes.store(sums + j, lanes.load(sums + j) + sum);
    });
  };
  Index i = 0;
  for (; i + 4 <= row_count; i += 4) add_rows.template operator()<4>(i);
  for (; i < row_count; ++i) add_rows.template operator()<1>(i);
}

/// sums[j] += sum over i of rows[i, j]: the gradient of a bias that was added to every row. The
/// rows are `row_stride` apart.
inline void add_column_sums(float* sums, const float* rows, Index row_stride, Index row_count,
                            Index columns) {
  add_column_terms(sums, row_count, columns, [=](Index i, Index j, auto lanes) {
    return lanes.load(rows + i * row_stride + j);
  });
}

/// The same for rows that follow each other.
inline void add_column_sums(float* sums, const float* rows, Index row_count, Index columns) {
  add_column_sums(sums, rows, columns, row_count, columns);
}

}  // namespace kernelgarten
