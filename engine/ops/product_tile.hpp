#pragma once

// What the matrix product and the direct convolution share: one register tile of a result, where it
// starts from and where it goes.

#include <algorithm>

#include "engine/simd/register_tile.hpp"
#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// What a product is added to.
enum class GemmInit { kZero, kAccumulate, kBias };

/// One tile of C, its rows `c_stride` apart; the first `columns` of a tile's width are in C.
struct TileTarget {
  float* c;
  Index c_stride;
  Index columns;
  GemmInit init;
  const float* bias;
};

template <int Rows>
inline void load_tile(simd::Tile<Rows>& tile, const TileTarget& target) {
  using namespace simd;
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
    for (int j = 0; j < kTilePacks; ++j) tile[i][j] = load(from + j * kLanes);
  }
}

template <int Rows>
inline void store_tile(const simd::Tile<Rows>& tile, const TileTarget& target) {
  using namespace simd;
  alignas(kAlignment) float edge[kTileColumns];
  for (int i = 0; i < Rows; ++i) {
    float* row = target.c + i * target.c_stride;
    float* to = target.columns < kTileColumns ? edge : row;
    for (int j = 0; j < kTilePacks; ++j) store(to + j * kLanes, tile[i][j]);
    if (to == edge) std::copy_n(edge, target.columns, row);
  }
}

template <int Rows, class Visit>
inline void visit_tile_of(Index rows, Visit& visit, Index first) {
  if constexpr (Rows > 0) {
    if (rows == Rows) {
      visit.template operator()<Rows>(first);
    } else {
      visit_tile_of<Rows - 1>(rows, visit, first);
    }
  }
}

/// visit<Rows>(first row) for tiles that cover `rows` rows. They are as even as can be, because a
/// tile of one or two rows leaves the multiply-add units waiting for their own results.
template <class Visit>
inline void for_each_tile(Index rows, Visit visit) {
  const Index tiles = (rows + simd::kTileRows - 1) / simd::kTileRows;
  Index first = 0;
  for (Index left = tiles; left > 0; --left) {
    const Index size = (rows - first + left - 1) / left;
    visit_tile_of<simd::kTileRows>(size, visit, first);
    first += size;
  }
}

}  // namespace kernelgarten
