#include "engine/ops/gemm.hpp"

#include <algorithm>
#include <cstring>

#include "engine/simd/register_tile.hpp"

namespace kernelgarten {
namespace {

using simd::kLanes;
using simd::kTileColumns;
using simd::kTilePacks;
using simd::kTileRows;
using simd::Pack;

/// Steps of the sum per block: a panel of B (kTileColumns x this) takes a third of a 32 KB cache.
constexpr Index kBlockDepth = 320;

Index panel_count(Index columns) { return (columns + kTileColumns - 1) / kTileColumns; }

/// Where one tile of C starts from and goes to.
struct TileTarget {
  float* c;
  Index c_stride;
  Index columns;
  GemmInit init;
  const float* bias;
};

template <int Rows>
void load_tile(Pack (&tile)[Rows][kTilePacks], const TileTarget& target) {
  if (target.init == GemmInit::kZero) {
    for (auto& row : tile) std::fill(std::begin(row), std::end(row), Pack(0.0f));
    return;
  }
  alignas(kAlignment) float edge[kTileColumns] = {};
  for (int i = 0; i < Rows; ++i) {
    const float* from =
        target.init == GemmInit::kBias ? target.bias : target.c + i * target.c_stride;
    if (target.columns < kTileColumns) {
      std::copy_n(from, target.columns, edge);
      from = edge;
    }
    for (int j = 0; j < kTilePacks; ++j) tile[i][j] = simd::load(from + j * kLanes);
  }
}

template <int Rows>
void store_tile(const Pack (&tile)[Rows][kTilePacks], const TileTarget& target) {
  alignas(kAlignment) float edge[kTileColumns];
  for (int i = 0; i < Rows; ++i) {
    float* row = target.c + i * target.c_stride;
    float* to = target.columns < kTileColumns ? edge : row;
    for (int j = 0; j < kTilePacks; ++j) simd::store(to + j * kLanes, tile[i][j]);
    if (to == edge) std::copy_n(edge, target.columns, row);
  }
}

template <int Rows>
void compute_tile(const TileTarget& target, MatrixView a, const float* panel, Index depth) {
  Pack tile[Rows][kTilePacks];
  load_tile(tile, target);
  simd::multiply_tile<Rows>(tile, a.data, a.row_stride, a.column_stride, panel, depth);
  store_tile(tile, target);
}

/// The last rows of C, fewer than a full tile.
template <int Rows>
void compute_remaining_rows(Index rows, const TileTarget& target, MatrixView a, const float* panel,
                            Index depth) {
  if constexpr (Rows > 0) {
    if (rows == Rows) {
      compute_tile<Rows>(target, a, panel, depth);
    } else {
      compute_remaining_rows<Rows - 1>(rows, target, a, panel, depth);
    }
  }
}

/// All rows of C against one block of B.
void multiply_block(float* c, Index c_stride, MatrixView a, const float* block, Index depth,
                    Index m, Index n, GemmInit init, const float* bias) {
  for (Index i = 0; i < m; i += kTileRows) {
    const MatrixView rows{a.at(i, 0), a.row_stride, a.column_stride};
    for (Index j = 0; j < n; j += kTileColumns) {
      const TileTarget target{c + i * c_stride + j, c_stride, std::min(kTileColumns, n - j), init,
                              bias == nullptr ? nullptr : bias + j};
      const float* panel = block + j * depth;
      if (m - i >= kTileRows) {
        compute_tile<kTileRows>(target, rows, panel, depth);
      } else {
        compute_remaining_rows<kTileRows - 1>(m - i, target, rows, panel, depth);
      }
    }
  }
}

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

PackedMatrix pack_matrix(float* packed, MatrixView b, Index rows, Index columns) {
  float* to = packed;
  for (Index p0 = 0; p0 < rows; p0 += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, rows - p0);
    for (Index j = 0; j < columns; j += kTileColumns) {
      const Index width = std::min(kTileColumns, columns - j);
      for (Index p = p0; p < p0 + depth; ++p, to += kTileColumns) {
        const float* from = b.at(p, j);
        for (Index x = 0; x < width; ++x) to[x] = from[x * b.column_stride];
        std::fill(to + width, to + kTileColumns, 0.0f);
      }
    }
  }
  return {packed, rows, columns};
}

void gemm_packed(float* c, Index c_stride, MatrixView a, PackedMatrix b, Index m, GemmInit init,
                 const float* bias) {
  if (b.rows == 0) fill_without_product(c, c_stride, m, b.columns, init, bias);
  const float* block = b.data;
  for (Index p = 0; p < b.rows; p += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, b.rows - p);
    const MatrixView columns{a.at(0, p), a.row_stride, a.column_stride};
    const GemmInit start = p == 0 ? init : GemmInit::kAccumulate;
    multiply_block(c, c_stride, columns, block, depth, m, b.columns, start, bias);
    block += depth * panel_count(b.columns) * kTileColumns;
  }
}

Index gemm_scratch_size(Index n, Index k) { return aligned_count(packed_size(k, n)); }

void gemm(float* c, Index c_stride, MatrixView a, MatrixView b, Index m, Index n, Index k,
          GemmInit init, Scratch scratch, const float* bias) {
  const PackedMatrix packed = pack_matrix(scratch.take(packed_size(k, n)), b, k, n);
  gemm_packed(c, c_stride, a, packed, m, init, bias);
}

}  // namespace kernelgarten
