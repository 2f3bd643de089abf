#include "engine/ops/conv2d_direct.hpp"

#include <algorithm>

#include "engine/ops/activation.hpp"
#include "engine/ops/conv2d_im2col.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/ops/padded_image.hpp"
#include "engine/ops/pool_window.hpp"

namespace kernelgarten {
namespace {

using simd::kTileColumns;

/// How windows move over an image [height, width, channels] that has `top` rows and `left` columns
/// of zeros before it.
struct WindowShape {
  Index height, width, channels;
  Index out_height, out_width;
  Index size, stride;
  Index top, left;

  Index pixels() const { return out_height * out_width; }
  Index taps() const { return size * size * channels; }
  Index padded_height() const { return std::max((out_height - 1) * stride + size, top + height); }
  Index padded_width() const { return std::max((out_width - 1) * stride + size, left + width); }
  Index scratch_size() const {
    return PaddedImage::size_of(padded_height(), padded_width(), channels) +
           aligned_count(pixels()) + aligned_count(taps());
  }
};

WindowShape shape_of_windows(const Conv2dParams& params) {
  const WindowGrid& grid = params.grid;
  return {grid.in_height, grid.in_width, params.in_channels, grid.out_height, grid.out_width,
          grid.size,      grid.stride,   grid.pad_top,       grid.pad_left};
}

/// The windows over the output gradient, one pixel apart, whose sums are the input gradient.
WindowShape shape_of_turned_windows(const Conv2dParams& params) {
  const WindowGrid& grid = params.grid;
  return {grid.out_height,
          grid.out_width,
          params.out_channels,
          grid.in_height,
          grid.in_width,
          grid.size,
          1,
          grid.size - 1 - grid.pad_top,
          grid.size - 1 - grid.pad_left};
}

/// The matrix of windows [pixels, taps] of one image after the other: element (p, t) is
/// image.data[pixel[p] + tap[t]].
struct Windows {
  WindowShape shape;
  PaddedImage image;
  std::int32_t* pixel;
  std::int32_t* tap;

  static_assert(sizeof(std::int32_t) == sizeof(float), "the tables lie in scratch memory");

  Windows(const WindowShape& s, Scratch& scratch)
      : shape(s),
        image(PaddedImage::take(scratch, s.padded_height(), s.padded_width(), s.channels)),
        pixel(reinterpret_cast<std::int32_t*>(scratch.take(s.pixels()))),
        tap(reinterpret_cast<std::int32_t*>(scratch.take(s.taps()))) {
    image.clear();
    for (Index p = 0; p < s.pixels(); ++p) pixel[p] = offset(p / s.out_width, p % s.out_width);
    for (Index t = 0; t < s.taps(); ++t) {
      const Index in_row = s.size * s.channels;
      tap[t] = static_cast<std::int32_t>(t / in_row * image.row() + t % in_row);
    }
  }

  void hold(const float* from) const {
    image.copy_in(from, {shape.height, shape.width, shape.channels, shape.top, shape.left});
  }

  /// Puts the pixels in the order of pooling windows, the four of each one after another.
  void order_by_pool_windows() const {
    std::int32_t* next = pixel;
    for (Index y = 0; y < shape.out_height; y += kPoolSide) {
      for (Index x = 0; x < shape.out_width; x += kPoolSide) {
        for (Index cell = 0; cell < kPoolSide * kPoolSide; ++cell) {
          *next++ = offset(y + cell / kPoolSide, x + cell % kPoolSide);
        }
      }
    }
  }

 private:
  std::int32_t offset(Index y, Index x) const {
    return static_cast<std::int32_t>((y * image.row() + x * shape.channels) * shape.stride);
  }
};

/// out [pixels, filters] = init + windows x filters.
void multiply_windows(float* out, const Windows& windows, PackedMatrix filters, GemmInit init,
                      const float* bias) {
  const RowTiles rows(windows.shape.pixels());
  const float* panel = filters.data;
  for (Index j = 0; j < filters.columns; j += kTileColumns, panel += filters.rows * kTileColumns) {
    const Index columns = std::min(kTileColumns, filters.columns - j);
    rows.for_each_run([&]<int Rows>(Index first, Index end) {
      for (; first < end; first += Rows) {
        compute_tile<Rows>(
            {out + first * filters.columns + j, filters.columns, columns, init, bias + j},
            simd::ScatteredRows{windows.image.data, windows.pixel + first, windows.tap},
            {panel, kTileColumns}, filters.rows);
      }
    });
  }
}

/// One panel's filters from column j on, over windows in the order of pooling.
void multiply_and_pool(float* out, std::int32_t* winner, const Windows& windows,
                       PackedMatrix filters, const float* bias, Index j) {
  using namespace simd;
  static_assert(kTilePacks == 2);
  constexpr int kCells = 4;
  const Index width = windows.shape.out_width;
  const TilePanel panel{filters.data + j * filters.rows, kTileColumns};
  const std::int32_t* cells = windows.pixel;
  for (Index y = 0; y < windows.shape.out_height; y += kPoolSide) {
    for (Index x = 0; x < width; x += kPoolSide, cells += kCells) {
      Tile<kCells> tile;
      clear_tile<kCells>(tile);
      multiply_tile<kCells>(tile, ScatteredRows{windows.image.data, cells, windows.tap}, panel,
                            filters.rows);
      const auto first = static_cast<std::int32_t>(y * width + x);
      const auto next_row = static_cast<std::int32_t>(width);
      const Index to = (y / kPoolSide * (width / kPoolSide) + x / kPoolSide) * filters.columns;
      const auto pool = [&](Index c, const Pack(&cell)[kCells], auto lanes) {
        const Pack shift = lanes.load(bias + c);
        const Largest largest = largest_of_square(cell[0] + shift, cell[1] + shift, cell[2] + shift,
                                                  cell[3] + shift, first, next_row);
        lanes.store(out + to + c, Relu{}.value(largest.value));
        lanes.store(winner + to + c, largest.pixel);
      };
      if (filters.columns - j >= kTileColumns) {
        pool(j, {tile[0][0], tile[1][0], tile[2][0], tile[3][0]}, AllLanes{});
        pool(j + kLanes, {tile[0][1], tile[1][1], tile[2][1], tile[3][1]}, AllLanes{});
        continue;
      }
      const Index left = filters.columns - j;
      pool(j, {tile[0][0], tile[1][0], tile[2][0], tile[3][0]}, FirstLanes{std::min(left, kLanes)});
      if (left <= kLanes) continue;
      pool(j + kLanes, {tile[0][1], tile[1][1], tile[2][1], tile[3][1]}, FirstLanes{left - kLanes});
    }
  }
}

/// d_weight [taps, filters] += windows^T x d_out [pixels, d_out_columns], whose columns make whole
/// register tiles.
void add_weight_gradient(float* d_weight, const Windows& windows, const float* d_out,
                         Index d_out_columns, Index filters) {
  const RowTiles rows(windows.shape.taps());
  for (Index j = 0; j < filters; j += kTileColumns) {
    const Index columns = std::min(kTileColumns, filters - j);
    rows.for_each_run([&]<int Rows>(Index first, Index end) {
      for (; first < end; first += Rows) {
        compute_tile<Rows>(
            {d_weight + first * filters + j, filters, columns, GemmInit::kAccumulate, nullptr},
            simd::ScatteredRows{windows.image.data, windows.tap + first, windows.pixel},
            {d_out + j, d_out_columns}, windows.shape.pixels());
      }
    });
  }
}

/// Panels of the filters turned by half a turn, [size * size * filters, in_channels]: with them the
/// input gradient of windows one pixel apart is a convolution of the output gradient.
void pack_turned_filters(float* panels, const float* weight, const Conv2dParams& params) {
  const Index area = params.grid.size * params.grid.size;
  const Index filters = params.out_channels, channels = params.in_channels;
  for (Index j = 0; j < channels; j += kTileColumns) {
    for (Index tap = area; tap-- > 0; panels += filters * kTileColumns) {
      const float* from = weight + (tap * channels + j) * filters;
      pack_matrix(panels, row_major(from, filters).transposed(), filters,
                  std::min(kTileColumns, channels - j));
    }
  }
}

Index whole_tiles(Index columns) { return round_up(columns, kTileColumns); }

}  // namespace

Index direct_scratch_size(const Conv2dParams& params) {
  const Index panels = std::max(
      packed_size(params.window_size(), params.out_channels),
      packed_size(params.grid.size * params.grid.size * params.out_channels, params.in_channels));
  const Index d_out = params.out_pixels() * whole_tiles(params.out_channels);
  const Index own = shape_of_windows(params).scratch_size() +
                    shape_of_turned_windows(params).scratch_size() + aligned_count(panels) +
                    aligned_count(d_out);
  return std::max(own, im2col_scratch_size(params));
}

void direct_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch) {
  const Windows windows(shape_of_windows(params), scratch);
  const Index taps = windows.shape.taps(), filters = params.out_channels;
  const PackedMatrix packed = pack_matrix(scratch.take(packed_size(taps, filters)),
                                          row_major(weight, filters), taps, filters);
  for (Index n = 0; n < params.batch; ++n) {
    windows.hold(in + n * params.in_size());
    multiply_windows(out + n * params.out_size(), windows, packed, init_with(bias), bias);
  }
}

void direct_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                              const float* weight, const float* bias, const Conv2dParams& params,
                              Scratch scratch) {
  const Windows windows(shape_of_windows(params), scratch);
  windows.order_by_pool_windows();
  const Index taps = windows.shape.taps(), filters = params.out_channels;
  const PackedMatrix packed = pack_matrix(scratch.take(packed_size(taps, filters)),
                                          row_major(weight, filters), taps, filters);
  const Index out_size = params.out_size() / (kPoolSide * kPoolSide);
  for (Index n = 0; n < params.batch; ++n) {
    windows.hold(in + n * params.in_size());
    for (Index j = 0; j < filters; j += kTileColumns) {
      multiply_and_pool(out + n * out_size, winner + n * out_size, windows, packed, bias, j);
    }
  }
}

namespace {

void add_weight_gradients(float* d_weight, const OutputGradient& d_out, const float* in,
                          const Conv2dParams& params, Scratch scratch) {
  const Windows windows(shape_of_windows(params), scratch);
  const Index filters = params.out_channels, columns = whole_tiles(filters);
  const PaddedImage filled_up =
      PaddedImage::take(scratch, params.grid.out_height, params.grid.out_width, columns);
  const bool as_it_is = columns == filters && !d_out.pooled();
  if (columns != filters) filled_up.clear();
  for (Index n = 0; n < params.batch; ++n) {
    windows.hold(in + n * params.in_size());
    if (!as_it_is) d_out.write(filled_up, params, n, 0, 0);
    add_weight_gradient(d_weight, windows,
                        as_it_is ? d_out.gradient + n * params.out_size() : filled_up.data, columns,
                        filters);
  }
}

void write_input_gradients(float* d_in, const OutputGradient& d_out, const float* weight,
                           const Conv2dParams& params, Scratch scratch) {
  const Windows windows(shape_of_turned_windows(params), scratch);
  const Index taps = windows.shape.taps();
  float* panels = scratch.take(packed_size(taps, params.in_channels));
  pack_turned_filters(panels, weight, params);
  for (Index n = 0; n < params.batch; ++n) {
    d_out.write(windows.image, params, n, windows.shape.top, windows.shape.left);
    multiply_windows(d_in + n * params.in_size(), windows, {panels, taps, params.in_channels},
                     GemmInit::kZero, nullptr);
  }
}

}  // namespace

void direct_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                     const float* weight, const Conv2dParams& params, Scratch scratch) {
  if (d_weight != nullptr) add_weight_gradients(d_weight, d_out, in, params, scratch);
  if (d_in == nullptr) return;
  if (params.grid.stride == 1) {
    write_input_gradients(d_in, d_out, weight, params, scratch);
  } else {
    im2col_input_gradient(d_in, d_out.gradient, weight, params, scratch);
  }
}

}  // namespace kernelgarten
