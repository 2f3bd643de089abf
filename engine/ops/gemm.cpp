#include "engine/ops/gemm.hpp"

#include <algorithm>

namespace kernelgarten {
namespace {

using simd::kTileColumns;

/// Steps of the sum per block: a panel of B (kTileColumns x this) takes a third of a 32 KB cache.
constexpr Index kBlockDepth = 320;
/// Rows of A per block: with kBlockDepth they take about a quarter of a 512 KB cache, and are read
/// once for every panel of B.
constexpr Index kBlockRows = 96;
/// With fewer rows than this, reading B where it lies costs less than rearranging it.
constexpr Index kFewRows = 4 * simd::kTileRows;

Index panel_count(Index columns) { return (columns + kTileColumns - 1) / kTileColumns; }

/// C [m, n] = A times one block of B, whose panels are `panel_step` floats apart.
struct Block {
  float* c;
  Index c_stride;
  MatrixView a;
  simd::TilePanel b;
  Index panel_step;
  Index depth, n;
  GemmInit init;
  const float* bias;

  void multiply_rows(Index first_row, Index rows) const {
    for (Index j = 0; j < n; j += kTileColumns) {
      const simd::TilePanel panel{b.data + j / kTileColumns * panel_step, b.stride};
      for_each_tile(rows, [&]<int Rows>(Index first) {
        const Index row = first_row + first;
        const TileTarget target{c + row * c_stride + j, c_stride, std::min(kTileColumns, n - j),
                                init, bias == nullptr ? nullptr : bias + j};
        simd::Tile<Rows> tile;
        load_tile<Rows>(tile, target);
        simd::multiply_tile<Rows>(tile, {a.at(row, 0), a.row_stride, a.column_stride}, panel,
                                  depth);
        store_tile<Rows>(tile, target);
      });
    }
  }

  void multiply(Index m) const {
    for (Index i = 0; i < m; i += kBlockRows) multiply_rows(i, std::min(kBlockRows, m - i));
  }
};

void fill_without_product(float* c, Index c_stride, Index m, Index n, GemmInit init,
                          const float* bias) {
  if (init == GemmInit::kAccumulate) return;
  for (Index i = 0; i < m; ++i) {
    float* row = c + i * c_stride;
    if (init == GemmInit::kBias) {
      std::copy_n(bias, n, row);
    } else {
      std::fill_n(row, n, 0.0f);
    }
  }
}

}  // namespace

Index packed_size(Index rows, Index columns) { return rows * panel_count(columns) * kTileColumns; }

Index packed_panel_size(Index rows) { return rows * kTileColumns; }

void pack_panels(float* packed, MatrixView b, Index rows, Index columns) {
  for (Index j = 0; j < columns; j += kTileColumns) {
    const Index width = std::min(kTileColumns, columns - j);
    for (Index p = 0; p < rows; ++p, packed += kTileColumns) {
      const float* from = b.at(p, j);
      for (Index x = 0; x < width; ++x) packed[x] = from[x * b.column_stride];
      std::fill(packed + width, packed + kTileColumns, 0.0f);
    }
  }
}

PackedMatrix pack_matrix(float* packed, MatrixView b, Index rows, Index columns) {
  for (Index p = 0; p < rows; p += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, rows - p);
    pack_panels(packed + packed_size(p, columns), {b.at(p, 0), b.row_stride, b.column_stride},
                depth, columns);
  }
  return {packed, rows, columns};
}

void gemm_packed(float* c, Index c_stride, MatrixView a, PackedMatrix b, Index m, GemmInit init,
                 const float* bias) {
  if (b.rows == 0) fill_without_product(c, c_stride, m, b.columns, init, bias);
  const float* block = b.data;
  for (Index p = 0; p < b.rows; p += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, b.rows - p);
    Block{c,
          c_stride,
          {a.at(0, p), a.row_stride, a.column_stride},
          {block, kTileColumns},
          depth * kTileColumns,
          depth,
          b.columns,
          p == 0 ? init : GemmInit::kAccumulate,
          bias}
        .multiply(m);
    block += depth * panel_count(b.columns) * kTileColumns;
  }
}

void gemm_in_place(float* c, Index c_stride, MatrixView a, const float* b, Index b_stride, Index m,
                   Index n, Index k, GemmInit init, const float* bias) {
  if (k == 0) fill_without_product(c, c_stride, m, n, init, bias);
  for (Index p = 0; p < k; p += kBlockDepth) {
    Block{c,
          c_stride,
          {a.at(0, p), a.row_stride, a.column_stride},
          {b + p * b_stride, b_stride},
          kTileColumns,
          std::min(kBlockDepth, k - p),
          n,
          p == 0 ? init : GemmInit::kAccumulate,
          bias}
        .multiply(m);
  }
}

Index gemm_scratch_size(Index n, Index k) { return aligned_count(packed_size(k, n)); }

void gemm(float* c, Index c_stride, MatrixView a, MatrixView b, Index m, Index n, Index k,
          GemmInit init, Scratch scratch, const float* bias) {
  if (m <= kFewRows && b.column_stride == 1 && n % kTileColumns == 0) {
    gemm_in_place(c, c_stride, a, b.data, b.row_stride, m, n, k, init, bias);
    return;
  }
  const PackedMatrix packed = pack_matrix(scratch.take(packed_size(k, n)), b, k, n);
  gemm_packed(c, c_stride, a, packed, m, init, bias);
}

}  // namespace kernelgarten
