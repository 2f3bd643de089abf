#pragma once

// What the matrix product and the direct convolution share: one register tile of a result, what it
// is added to and where it goes, and how the rows of a result are cut into tiles.

#include <algorithm>

#include "engine/simd/register_tile.hpp"
#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// What a product is added to.
enum class GemmInit { kZero, kAccumulate, kBias };

inline GemmInit init_with(const float* bias) {
  return bias == nullptr ? GemmInit::kZero : GemmInit::kBias;
}

/// One tile of C, its rows `c_stride` apart; the first `columns` of a tile's width are in C.
struct TileTarget {
  float* c;
  Index c_stride;
  Index columns;
  GemmInit init;
  const float* bias;
};

/// C = init + product, of which only the first columns are in C. Away from the fast path, because
/// whatever reads the tile there in a loop would keep it out of the registers.
[[gnu::noinline]] inline void store_edge(const TileTarget& target, const float* product,
                                         Index rows) {
  for (Index i = 0; i < rows; ++i) {
    float* row = target.c + i * target.c_stride;
    for (Index j = 0; j < target.columns; ++j) {
      const float start = target.init == GemmInit::kZero         ? 0.0f
                          : target.init == GemmInit::kAccumulate ? row[j]
                                                                 : target.bias[j];
      row[j] = start + product[i * simd::kTileColumns + j];
    }
  }
}

/// C = init + tile.
template <int Rows>
[[gnu::always_inline]] inline void store_tile(const simd::Tile<Rows>& tile,
                                              const TileTarget& target) {
  using namespace simd;
  if (target.columns < kTileColumns) {
    float product[Rows * kTileColumns];
    for_each_pack<Rows>(
        [&](int i, int j) { store(product + i * kTileColumns + j * kLanes, tile[i][j]); });
    store_edge(target, product, Rows);
    return;
  }
  float* c = target.c;
  const Index stride = target.c_stride;
  if (target.init == GemmInit::kZero) {
    for_each_pack<Rows>([&](int i, int j) { store(c + i * stride + j * kLanes, tile[i][j]); });
    return;
  }
  const bool adds = target.init == GemmInit::kAccumulate;
  const float* start = adds ? c : target.bias;
  const Index start_stride = adds ? stride : 0;
  for_each_pack<Rows>([&](int i, int j) {
    store(c + i * stride + j * kLanes, load(start + i * start_stride + j * kLanes) + tile[i][j]);
  });
}

/// C = init + A B for one tile, over `depth` steps.
template <int Rows, class TileLeft>
[[gnu::always_inline]] inline void compute_tile(const TileTarget& target, TileLeft a,
                                                simd::TilePanel b, Index depth) {
  simd::Tile<Rows> tile;
  simd::clear_tile<Rows>(tile);
  simd::multiply_tile<Rows>(tile, a, b, depth);
  store_tile<Rows>(tile, target);
}

/// Rows cut into register tiles that are as even as can be, because a tile of one or two rows
/// leaves the multiply-add units waiting for their own results.
class RowTiles {
 public:
  explicit RowTiles(Index rows)
      : tiles_(ceil_divide(rows, simd::kTileRows)),
        size_(tiles_ == 0 ? 0 : rows / tiles_),
        larger_(rows - size_ * tiles_) {}

  Index count() const { return size_ * tiles_ + larger_; }

  /// visit<Rows>(first, end) for at most two runs of rows that are cut into tiles of Rows.
  template <class Visit>
  void for_each_run(Visit visit) const {
    const Index middle = larger_ * (size_ + 1);
    visit_run<simd::kTileRows>(visit, size_ + 1, 0, middle);
    visit_run<simd::kTileRows>(visit, size_, middle, count());
  }

 private:
  template <int Rows, class Visit>
  static void visit_run(Visit& visit, Index size, Index first, Index end) {
    if constexpr (Rows > 0) {
      if (size != Rows) return visit_run<Rows - 1>(visit, size, first, end);
      if (first < end) visit.template operator()<Rows>(first, end);
    }
  }

  Index tiles_, size_;
  /// Tiles with one row more.
  Index larger_;
};

}  // namespace kernelgarten
