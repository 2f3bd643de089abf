#pragma once

#include <type_traits>
#include <utility>

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::simd {

/// Rows and packs of the block of C that a matrix product keeps in registers. Tile, one row of B
/// and one splat of A must fit: 5 x 2 + 2 + 1 = 13 of the 15 registers that WebAssembly engines
/// have to give on x86; 6 x 2 + 2 + 1 = 15 of the 16 of SSE and AVX; 12 x 2 + 2 + 1 = 27 of the 32
/// of AVX-512.
#if defined(__AVX512F__)
inline constexpr int kTileRows = 12;
#elif defined(__AVX2__)
inline constexpr int kTileRows = 6;
#else
inline constexpr int kTileRows = 5;
#endif
inline constexpr int kTilePacks = 2;
inline constexpr Index kTileColumns = kTilePacks * kLanes;

template <int Rows>
using Tile = Pack[Rows][kTilePacks];

/// visit(i, j) for every pack of a tile, written out: a tile that is indexed in a loop is not kept
/// in registers.
template <int Rows, class Visit>
inline void for_each_pack(Visit visit) {
  [&]<int... k>(std::integer_sequence<int, k...>) {
    (visit(k / kTilePacks, k % kTilePacks), ...);
  }(std::make_integer_sequence<int, Rows * kTilePacks>());
}

template <int Rows>
inline void clear_tile(Tile<Rows>& tile) {
  for_each_pack<Rows>([&](int i, int j) { tile[i][j] = Pack(0.0f); });
}

/// The left-hand side of a tile: element (i, p) is data[i * row_stride + p * step].
struct TileRows {
  const float* data;
  Index row_stride;
  Index step;
};

/// The same for rows and steps that lie anywhere: element (i, p) is data[row[i] + step[p]].
struct ScatteredRows {
  const float* data;
  const std::int32_t* row;
  const std::int32_t* step;
};

/// The right-hand side: the tile's columns of row p begin at data + p * stride.
struct TilePanel {
  const float* data;
  Index stride;
};

/// tile += one column of A times one row of B. Row i of A is at a[offset(i)].
template <int Rows, class Offset>
inline void add_step(Tile<Rows>& tile, const float* a, Offset offset, const float* b) {
  Pack row[kTilePacks];
#pragma GCC unroll 8
  for (int j = 0; j < kTilePacks; ++j) row[j] = load(b + j * kLanes);
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
    const Pack factor = splat(a[offset(i)]);
#pragma GCC unroll 8
    for (int j = 0; j < kTilePacks; ++j) tile[i][j] = multiply_add(factor, row[j], tile[i][j]);
  }
}

/// How many sums a tile is split into, so that enough multiply-adds are on their way at once: with
/// one or two rows they would wait for one another.
template <int Rows>
inline constexpr int kChains = Rows < 3 ? 4 / Rows : 1;

/// tile += A B over `depth` steps. Larger tiles go one step at a time: unrolled by two or four, V8
/// runs out of registers and the loop takes half again as long (bench/README.md).
template <int Rows, class Offset, class Step>
inline void add_steps(Tile<Rows>& tile, const float* a, Offset offset, Step step, TilePanel b,
                      Index depth) {
  constexpr int kMore = kChains<Rows> - 1;
  Index p = 0;
  if constexpr (kMore > 0) {
    Tile<Rows> more[kMore];
#pragma GCC unroll 4
    for (int k = 0; k < kMore; ++k) clear_tile<Rows>(more[k]);
    for (; p + kMore < depth; p += kMore + 1) {
      add_step<Rows>(tile, a, offset, b.data);
#pragma GCC unroll 4
      for (int k = 0; k < kMore; ++k) {
        add_step<Rows>(more[k], a + (k + 1) * step, offset, b.data + (k + 1) * b.stride);
      }
      a += (kMore + 1) * step;
      b.data += (kMore + 1) * b.stride;
    }
#pragma GCC unroll 4
    for (int k = 0; k < kMore; ++k) {
      for_each_pack<Rows>([&](int i, int j) { tile[i][j] += more[k][i][j]; });
    }
  }
  for (; p < depth; ++p) {
    add_step<Rows>(tile, a, offset, b.data);
    a += step;
    b.data += b.stride;
  }
}

/// The two usual ways that A lies in memory have loops of their own, where a stride of one is a
/// constant.
template <int Rows>
inline void multiply_tile(Tile<Rows>& tile, TileRows a, TilePanel b, Index depth) {
  constexpr std::integral_constant<Index, 1> kOne;
  const auto strided = [stride = a.row_stride](int i) { return i * stride; };
  if (a.step == 1) {
    add_steps<Rows>(tile, a.data, strided, kOne, b, depth);
  } else if (a.row_stride == 1) {
    add_steps<Rows>(tile, a.data, [](int i) { return Index{i}; }, a.step, b, depth);
  } else {
    add_steps<Rows>(tile, a.data, strided, a.step, b, depth);
  }
}

template <int Rows>
inline void multiply_tile(Tile<Rows>& tile, ScatteredRows a, TilePanel b, Index depth) {
  Index row[Rows];
  for (int i = 0; i < Rows; ++i) row[i] = a.row[i];
  for (Index p = 0; p < depth; ++p) {
    add_step<Rows>(tile, a.data + a.step[p], [&](int i) { return row[i]; }, b.data);
    b.data += b.stride;
  }
}

}  // namespace kernelgarten::simd
