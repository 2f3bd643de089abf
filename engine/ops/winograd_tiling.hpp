#pragma once

// How Winograd's algorithm cuts a convolution into tiles, and how their numbers lie in memory.

#include <algorithm>

#include "engine/ops/conv2d.hpp"
#include "engine/ops/padded_image.hpp"
#include "engine/simd/register_tile.hpp"

namespace kernelgarten::winograd {

inline constexpr Index kCacheLine = 64 / sizeof(float);
/// Floats of transformed inputs and outputs that are worked on together: they have to stay in a
/// second-level cache of 512 KB while the filters pass by.
inline constexpr Index kGroupFloats = 96 * 1024;
/// But no fewer tiles than these: the weight gradients add up over them, and with a short sum the
/// register tiles are loaded and stored too often.
inline constexpr Index kFewestTiles = 40;

/// One matrix for each position in a tile.
struct Matrices {
  float* data;
  /// Floats from one matrix to the next: an odd number of cache lines, so that the same place in
  /// all of them does not compete for the same lines of the cache.
  Index step;
  Index columns;

  static Index step_of(Index rows, Index columns) {
    return round_up(rows * columns, 2 * kCacheLine) + kCacheLine;
  }
  float* at(Index position, Index row) const { return data + position * step + row * columns; }
};

/// One tile: where it lies, and whether its image begins or ends with it.
struct Tile {
  Index image;
  Index y, x;
  bool first, last;
};

/// How many windows of its own a stride of s has: those of the s x s pixels that it steps over. To
/// the algorithm they are channels of one pixel, and the windows over them move one pixel at a
/// time.
inline Index phases(const Conv2dParams& params) { return params.grid.stride * params.grid.stride; }

/// Taps of a window in one direction, once the stride's pixels are channels.
inline Index window_taps(const Conv2dParams& params) {
  return ceil_divide(params.grid.size, params.grid.stride);
}

/// How a batch is cut into tiles of outputs, and how the numbers lie in memory.
template <class F>
struct Tiling {
  static constexpr int m = F::kOutputs;
  static constexpr Index kPositions = F::kSide * F::kSide;

  explicit Tiling(const Conv2dParams& p)
      : params(p),
        tiles_y(ceil_divide(p.grid.out_height, m)),
        tiles_x(ceil_divide(p.grid.out_width, m)),
        rows(phases(p) * p.in_channels),
        in_channels(round_up(rows, simd::kTileColumns)),
        out_channels(round_up(p.out_channels, simd::kTileColumns)) {
    const Index fitting = kGroupFloats / (kPositions * (in_channels + out_channels));
    group = std::min(std::max(fitting, kFewestTiles), std::max<Index>(count(), 1));
  }

  Index count() const { return params.batch * tiles_y * tiles_x; }
  Tile tile(Index index) const {
    const Index in_image = index % (tiles_y * tiles_x);
    return {index / (tiles_y * tiles_x), in_image / tiles_x * m, in_image % tiles_x * m,
            in_image == 0, in_image + 1 == tiles_y * tiles_x};
  }

  Index in_height() const { return room_for(tiles_y, params.grid.pad_top + params.grid.in_height); }
  Index in_width() const { return room_for(tiles_x, params.grid.pad_left + params.grid.in_width); }
  ImagePlace in_place() const {
    const WindowGrid& grid = params.grid;
    return {grid.in_height, grid.in_width, params.in_channels,
            grid.pad_top,   grid.pad_left, grid.stride};
  }
  PaddedImage take_in_image(Scratch& scratch) const {
    return PaddedImage::take(scratch, in_height(), in_width(), in_channels);
  }
  PaddedImage take_out_image(Scratch& scratch) const {
    return PaddedImage::take(scratch, tiles_y * m, tiles_x * m, out_channels);
  }
  static Matrices take_matrices(Scratch& scratch, Index rows, Index columns) {
    return {scratch.take(matrices_size(rows, columns)), Matrices::step_of(rows, columns), columns};
  }

  static Index matrices_size(Index rows, Index columns) {
    return aligned_count(kPositions * Matrices::step_of(rows, columns));
  }
  /// Everything that the two directions take.
  Index scratch_size() const {
    const Index filter_taps =
        aligned_count(F::kTaps * F::kTaps * std::max(in_channels, out_channels));
    const Index images = 2 * PaddedImage::size_of(in_height(), in_width(), in_channels) +
                         PaddedImage::size_of(tiles_y * m, tiles_x * m, out_channels);
    return filter_taps + images + matrices_size(group, in_channels) +
           matrices_size(group, out_channels) + matrices_size(rows, out_channels) +
           matrices_size(params.out_channels, in_channels);
  }

  Conv2dParams params;
  Index tiles_y, tiles_x;
  /// Channels that a window sees in one place: those of the input, of each phase.
  Index rows;
  /// The same and the filters, filled up to whole register tiles.
  Index in_channels, out_channels;
  /// Tiles that are worked on together.
  Index group = 0;

 private:
  /// For the inputs of all tiles, and for pixels at the end that no window reaches.
  Index room_for(Index tiles, Index pixels) const {
    return std::max(tiles * m + F::kTaps - 1, ceil_divide(pixels, params.grid.stride));
  }
};

}  // namespace kernelgarten::winograd
