#pragma once

#include <xsimd/xsimd.hpp>

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::simd {

/// Rows and packs of the block of C that a matrix product keeps in registers. Tile, one row of B
/// and one splat of A must fit: 5 x 2 + 2 + 1 = 13 of the 16 registers of WebAssembly engines on
/// x86, SSE and AVX; 12 x 2 + 2 + 1 = 27 of the 32 of AVX-512.
#if defined(__AVX512F__)
inline constexpr int kTileRows = 12;
#else
inline constexpr int kTileRows = 5;
#endif
inline constexpr int kTilePacks = 2;
inline constexpr Index kTileColumns = kTilePacks * kLanes;

/// tile = start + A B for Rows rows of A, one packed panel of B, `depth` steps.
/// `a` walks down its rows by `row_stride` and along the sum by `step`.
template <int Rows>
inline void multiply_tile(Pack (&tile)[Rows][kTilePacks], const float* a, Index row_stride,
                          Index step, const float* panel, Index depth) {
  for (Index p = 0; p < depth; ++p) {
    Pack b[kTilePacks];
#pragma GCC unroll 8
    for (int j = 0; j < kTilePacks; ++j) b[j] = load(panel + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Pack splat_a = splat(a[i * row_stride]);
#pragma GCC unroll 8
      for (int j = 0; j < kTilePacks; ++j) tile[i][j] = multiply_add(splat_a, b[j], tile[i][j]);
    }
    a += step;
    panel += kTileColumns;
  }
}

}  // namespace kernelgarten::simd
