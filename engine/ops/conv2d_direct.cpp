#include "engine/ops/conv2d_direct.hpp"

#include <algorithm>

#include "engine/ops/conv2d_im2col.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/ops/padded_image.hpp"

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
  return {grid.out_height, grid.out_width,  params.out_channels,
          grid.in_height,  grid.in_width,   grid.size,
          1,               grid.size - 1 - grid.pad_top, grid.size - 1 - grid.pad_left};
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
    fill(pixel, s.out_height, s.out_width, s.stride * image.row(), s.stride * s.channels);
    fill(tap, s.size, s.size * s.channels, image.row(), 1);
  }

  void hold(const float* from) const {
    image.copy_in(from, shape.height, shape.width, shape.channels, shape.top, shape.left);
  }

 private:
  static void fill(std::int32_t* offsets, Index rows, Index columns, Index row_step,
                   Index column_step) {
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < columns; ++j) {
        *offsets++ = static_cast<std::int32_t>(i * row_step + j * column_step);
      }
    }
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
  const Index panels = std::max(packed_size(params.window_size(), params.out_channels),
                                packed_size(params.grid.size * params.grid.size *
                                                params.out_channels, params.in_channels));
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
    multiply_windows(out + n * params.out_size(), windows, packed, GemmInit::kBias, bias);
  }
}

namespace {

void add_weight_gradients(float* d_weight, const float* d_out, const float* in,
                          const Conv2dParams& params, Scratch scratch) {
  const Windows windows(shape_of_windows(params), scratch);
  const Index filters = params.out_channels, columns = whole_tiles(filters);
  const PaddedImage filled_up = PaddedImage::take(scratch, 1, params.out_pixels(), columns);
  if (columns != filters) filled_up.clear();
  for (Index n = 0; n < params.batch; ++n) {
    windows.hold(in + n * params.in_size());
    const float* gradient = d_out + n * params.out_size();
    if (columns != filters) {
      filled_up.copy_in(gradient, 1, params.out_pixels(), filters, 0, 0);
      gradient = filled_up.data;
    }
    add_weight_gradient(d_weight, windows, gradient, columns, filters);
  }
}

void write_input_gradients(float* d_in, const float* d_out, const float* weight,
                           const Conv2dParams& params, Scratch scratch) {
  const Windows windows(shape_of_turned_windows(params), scratch);
  const Index taps = windows.shape.taps();
  float* panels = scratch.take(packed_size(taps, params.in_channels));
  pack_turned_filters(panels, weight, params);
  for (Index n = 0; n < params.batch; ++n) {
    windows.hold(d_out + n * params.out_size());
    multiply_windows(d_in + n * params.in_size(), windows,
                     {panels, taps, params.in_channels}, GemmInit::kZero, nullptr);
  }
}

}  // namespace

void direct_backward(float* d_in, float* d_weight, const float* d_out, const float* in,
                     const float* weight, const Conv2dParams& params, Scratch scratch) {
  add_weight_gradients(d_weight, d_out, in, params, scratch);
  if (d_in == nullptr) return;
  if (params.grid.stride == 1) {
    write_input_gradients(d_in, d_out, weight, params, scratch);
  } else {
    im2col_input_gradient(d_in, d_out, weight, params, scratch);
  }
}

}  // namespace kernelgarten
