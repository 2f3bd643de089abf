#include "engine/ops/conv2d_winograd.hpp"

#include <algorithm>

#include "engine/ops/activation.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/ops/padded_image.hpp"
#include "engine/ops/pool_window.hpp"
#include "engine/ops/winograd_transform.hpp"

namespace kernelgarten {
namespace {

using simd::kLanes;
using simd::kTileColumns;
using simd::Pack;
using winograd::Lines;
using winograd::transform_tile;

constexpr int kTaps = 3;
constexpr Index kCacheLine = 64 / sizeof(float);
/// Floats of transformed inputs and outputs that are worked on together: they have to stay in a
/// second-level cache of 512 KB while the filters pass by.
constexpr Index kGroupFloats = 96 * 1024;

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

/// How a batch is cut into tiles of m x m outputs, and how the numbers lie in memory.
template <int m>
struct Tiling {
  static constexpr int kSide = m + kTaps - 1;
  static constexpr Index kPositions = kSide * kSide;

  explicit Tiling(const Conv2dParams& p)
      : params(p),
        tiles_y(ceil_divide(p.grid.out_height, m)),
        tiles_x(ceil_divide(p.grid.out_width, m)),
        in_channels(round_up(p.in_channels, kTileColumns)),
        out_channels(round_up(p.out_channels, kTileColumns)) {
    const Index fitting = kGroupFloats / (kPositions * (in_channels + out_channels));
    group = std::clamp(fitting, Index{simd::kTileRows}, std::max<Index>(count(), 1));
  }

  Index count() const { return params.batch * tiles_y * tiles_x; }
  Tile tile(Index index) const {
    const Index in_image = index % (tiles_y * tiles_x);
    return {index / (tiles_y * tiles_x), in_image / tiles_x * m, in_image % tiles_x * m,
            in_image == 0, in_image + 1 == tiles_y * tiles_x};
  }

  Index in_height() const { return tiles_y * m + kTaps - 1; }
  Index in_width() const { return tiles_x * m + kTaps - 1; }
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
    const Index filter_taps = aligned_count(kTaps * kTaps * std::max(in_channels, out_channels));
    const Index images = 2 * PaddedImage::size_of(in_height(), in_width(), in_channels) +
                         PaddedImage::size_of(tiles_y * m, tiles_x * m, out_channels);
    return filter_taps + images + matrices_size(group, in_channels) +
           matrices_size(group, out_channels) + matrices_size(params.in_channels, out_channels) +
           matrices_size(params.out_channels, in_channels);
  }

  Conv2dParams params;
  Index tiles_y, tiles_x;
  /// Filled up to whole register tiles.
  Index in_channels, out_channels;
  /// Tiles that are worked on together.
  Index group = 0;
};

/// u[position] [rows, columns] = G g G^T of the filters g. `filters` is the matrix of their first
/// tap; those of the others follow in steps of as many numbers.
template <int m>
void transform_filters(const Matrices& u, MatrixView filters, Index rows, Index columns,
                       Scratch scratch) {
  constexpr int kSide = Tiling<m>::kSide;
  const Index tap_step = rows * columns;
  float* taps = scratch.take(kTaps * kTaps * u.columns);
  std::fill_n(taps, kTaps * kTaps * u.columns, 0.0f);
  for (Index row = 0; row < rows; ++row) {
    for (Index tap = 0; tap < kTaps * kTaps; ++tap) {
      const float* from = filters.at(row, 0) + tap * tap_step;
      float* to = taps + tap * u.columns;
      for (Index c = 0; c < columns; ++c) to[c] = from[c * filters.column_stride];
    }
    for (Index c = 0; c < u.columns; c += kLanes) {
      transform_tile<kTaps, kSide>(
          Lines<m>::filter,
          [&](int i, int j) { return simd::load(taps + (i * kTaps + j) * u.columns + c); },
          [&](int i, int j, Pack value) { simd::store(u.at(i * kSide + j, row) + c, value); });
    }
  }
}

/// d_weight += G^T d_u G.
template <int m>
void add_filter_gradients(float* d_weight, const Matrices& d_u, const Conv2dParams& params) {
  constexpr int kSide = m + kTaps - 1;
  const Index channels = params.out_channels;
  for (Index row = 0; row < params.in_channels; ++row) {
    simd::for_each_pack(channels, [&](Index c, auto lanes) {
      transform_tile<kSide, kTaps>(
          Lines<m>::filter_adjoint,
          [&](int i, int j) { return simd::load(d_u.at(i * kSide + j, row) + c); },
          [&](int i, int j, Pack value) {
            float* to = d_weight + ((i * kTaps + j) * params.in_channels + row) * channels + c;
            lanes.store(to, lanes.load(to) + value);
          });
    });
  }
}

/// to[position] [row, :] = the transformed tile of `image`, whose corner is (y, x).
template <int Side, int Out, class Line>
void transform_image_tile(const Matrices& to, Index row, const PaddedImage& image, Index y, Index x,
                          Line line) {
  const float* corner = image.at(y, x);
  for (Index c = 0; c < image.channels; c += kLanes) {
    float* target = to.at(0, row) + c;
    transform_tile<Side, Out>(
        line,
        [&](int i, int j) {
          return simd::load(corner + i * image.row() + j * image.channels + c);
        },
        [&](int i, int j, Pack value) { simd::store(target + (i * Out + j) * to.step, value); });
  }
}

template <int m>
void transform_inputs(const Matrices& v, const PaddedImage& image, const float* in,
                      const Tiling<m>& tiling, Index begin, Index count) {
  constexpr int kSide = Tiling<m>::kSide;
  const Conv2dParams& params = tiling.params;
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) {
      image.copy_in(in + tile.image * params.in_size(), params.grid.in_height, params.grid.in_width,
                    params.in_channels, params.grid.pad_top, params.grid.pad_left);
    }
    transform_image_tile<kSide, kSide>(v, row, image, tile.y, tile.x, Lines<m>::input);
  }
}

template <int m>
void transform_output_gradients(const Matrices& z, const PaddedImage& image,
                                const OutputGradient& d_out, const Tiling<m>& tiling, Index begin,
                                Index count) {
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) d_out.write(image, tiling.params, tile.image, 0, 0);
    transform_image_tile<m, Tiling<m>::kSide>(z, row, image, tile.y, tile.x,
                                              Lines<m>::output_adjoint);
  }
}

/// Calls write(tile, channel, lanes, y) with y[i][j] a pack of the outputs of a tile, bias included.
template <int m, class Write>
void transform_outputs(const Matrices& products, const float* bias, const Tiling<m>& tiling,
                       Index begin, Index count, Write write) {
  constexpr int kSide = Tiling<m>::kSide;
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    simd::for_each_pack(tiling.params.out_channels, [&](Index c, auto lanes) {
      const Pack shift = lanes.load(bias + c);
      const float* from = products.at(0, row) + c;
      Pack y[m][m];
      transform_tile<kSide, m>(
          Lines<m>::output,
          [&](int i, int j) { return simd::load(from + (i * kSide + j) * products.step); },
          [&](int i, int j, Pack value) { y[i][j] = value + shift; });
      write(tile, c, lanes, y);
    });
  }
}

/// Writes the outputs that are inside the image.
template <int m>
struct WriteOutputs {
  float* out;
  const Conv2dParams& params;

  template <class Lanes>
  void operator()(const Tile& tile, Index c, Lanes lanes, const Pack (&y)[m][m]) const {
    const WindowGrid& grid = params.grid;
    const Index width = std::min<Index>(m, grid.out_width - tile.x);
    float* row = out + tile.image * params.out_size() +
                 (tile.y * grid.out_width + tile.x) * params.out_channels + c;
    for (int i = 0; i < m && tile.y + i < grid.out_height; ++i) {
      for (int j = 0; j < width; ++j) lanes.store(row + j * params.out_channels, y[i][j]);
      row += grid.out_width * params.out_channels;
    }
  }
};

/// Writes the largest of each 2 x 2 outputs, at least 0, and which it was. A window lies inside the
/// image as a whole or not at all.
template <int m>
struct WritePooled {
  float* out;
  std::int32_t* winner;
  const Conv2dParams& params;

  template <class Lanes>
  void operator()(const Tile& tile, Index c, Lanes lanes, const Pack (&y)[m][m]) const {
    const WindowGrid& grid = params.grid;
    const auto width = static_cast<std::int32_t>(grid.out_width);
    const Index image = tile.image * params.out_size() / (kPoolSide * kPoolSide);
    for (int i = 0; i < m && tile.y + i < grid.out_height; i += kPoolSide) {
      Index to = image + c + (tile.y + i) / kPoolSide * (width / kPoolSide) * params.out_channels +
                 tile.x / kPoolSide * params.out_channels;
      for (int j = 0; j < m && tile.x + j < width; j += kPoolSide, to += params.out_channels) {
        const auto first = static_cast<std::int32_t>((tile.y + i) * width + tile.x + j);
        const Largest largest = largest_of_square(y[i][j], y[i][j + 1], y[i + 1][j],
                                                  y[i + 1][j + 1], first, width);
        lanes.store(out + to, Relu{}.value(largest.value));
        lanes.store(winner + to, largest.pixel);
      }
    }
  }
};

/// Adds B d_v B^T to the images' gradients, where neighbouring tiles overlap.
template <int m>
void write_input_gradients(float* d_in, const PaddedImage& image, const Matrices& d_v,
                           const Tiling<m>& tiling, Index begin, Index count) {
  constexpr int kSide = Tiling<m>::kSide;
  const Conv2dParams& params = tiling.params;
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) image.clear();
    float* corner = image.at(tile.y, tile.x);
    for (Index c = 0; c < image.channels; c += kLanes) {
      const float* from = d_v.at(0, row) + c;
      transform_tile<kSide, kSide>(
          Lines<m>::input_adjoint,
          [&](int i, int j) { return simd::load(from + (i * kSide + j) * d_v.step); },
          [&](int i, int j, Pack value) {
            float* to = corner + i * image.row() + j * image.channels + c;
            simd::store(to, simd::load(to) + value);
          });
    }
    if (tile.last) {
      image.copy_out(d_in + tile.image * params.in_size(), params.grid.in_height,
                     params.grid.in_width, params.in_channels, params.grid.pad_top,
                     params.grid.pad_left);
    }
  }
}

}  // namespace

bool winograd_applies(const Conv2dParams& params) {
  return params.grid.size == kTaps && params.grid.stride == 1;
}

template <int m>
Index winograd_scratch_size(const Conv2dParams& params) {
  return Tiling<m>(params).scratch_size();
}

namespace {

template <int m, class Write>
void run_forward(const float* in, const float* weight, const float* bias,
                 const Conv2dParams& params, Scratch scratch, Write write) {
  using T = Tiling<m>;
  const T tiling(params);
  const PaddedImage image = tiling.take_in_image(scratch);
  const Matrices v = T::take_matrices(scratch, tiling.group, tiling.in_channels);
  const Matrices products = T::take_matrices(scratch, tiling.group, tiling.out_channels);
  const Matrices u = T::take_matrices(scratch, params.in_channels, tiling.out_channels);
  image.clear();
  transform_filters<m>(u, row_major(weight, params.out_channels), params.in_channels,
                       params.out_channels, scratch);
  for (Index begin = 0; begin < tiling.count(); begin += tiling.group) {
    const Index count = std::min(tiling.group, tiling.count() - begin);
    transform_inputs(v, image, in, tiling, begin, count);
    for (Index p = 0; p < T::kPositions; ++p) {
      gemm_in_place(products.at(p, 0), products.columns, row_major(v.at(p, 0), v.columns),
                    u.at(p, 0), u.columns, count, u.columns, params.in_channels, GemmInit::kZero);
    }
    transform_outputs(products, bias, tiling, begin, count, write);
  }
}

}  // namespace

template <int m>
void winograd_forward(float* out, const float* in, const float* weight, const float* bias,
                      const Conv2dParams& params, Scratch scratch) {
  run_forward<m>(in, weight, bias, params, scratch, WriteOutputs<m>{out, params});
}

template <int m>
void winograd_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                                const float* weight, const float* bias,
                                const Conv2dParams& params, Scratch scratch) {
  run_forward<m>(in, weight, bias, params, scratch, WritePooled<m>{out, winner, params});
}

template <int m>
void winograd_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                       const float* weight, const Conv2dParams& params, Scratch scratch) {
  using T = Tiling<m>;
  const T tiling(params);
  const PaddedImage image = tiling.take_in_image(scratch);
  const PaddedImage d_image = tiling.take_in_image(scratch);
  const PaddedImage d_out_image = tiling.take_out_image(scratch);
  const Matrices v = T::take_matrices(scratch, tiling.group, tiling.in_channels);
  const Matrices z = T::take_matrices(scratch, tiling.group, tiling.out_channels);
  const Matrices d_u = T::take_matrices(scratch, params.in_channels, tiling.out_channels);
  const Matrices u = T::take_matrices(scratch, params.out_channels, tiling.in_channels);
  image.clear();
  d_out_image.clear();
  if (d_in != nullptr) {
    transform_filters<m>(u, row_major(weight, params.out_channels).transposed(),
                         params.out_channels, params.in_channels, scratch);
  }
  for (Index begin = 0; begin < tiling.count(); begin += tiling.group) {
    const Index count = std::min(tiling.group, tiling.count() - begin);
    if (d_weight != nullptr) transform_inputs(v, image, in, tiling, begin, count);
    transform_output_gradients(z, d_out_image, d_out, tiling, begin, count);
    for (Index p = 0; p < T::kPositions; ++p) {
      if (d_weight != nullptr) {
        gemm_in_place(d_u.at(p, 0), d_u.columns, row_major(v.at(p, 0), v.columns).transposed(),
                      z.at(p, 0), z.columns, params.in_channels, d_u.columns, count,
                      begin == 0 ? GemmInit::kZero : GemmInit::kAccumulate);
      }
      // The transformed inputs of this position are used up; their gradients take their place.
      if (d_in != nullptr) {
        gemm_in_place(v.at(p, 0), v.columns, row_major(z.at(p, 0), z.columns), u.at(p, 0),
                      u.columns, count, u.columns, params.out_channels, GemmInit::kZero);
      }
    }
    if (d_in != nullptr) write_input_gradients(d_in, d_image, v, tiling, begin, count);
  }
  if (d_weight != nullptr && tiling.count() > 0) add_filter_gradients<m>(d_weight, d_u, params);
}

#define KERNELGARTEN_INSTANTIATE(m)                                                          \
  template Index winograd_scratch_size<m>(const Conv2dParams&);                              \
  template void winograd_forward<m>(float*, const float*, const float*, const float*,        \
                                    const Conv2dParams&, Scratch);                           \
  template void winograd_relu_pool_forward<m>(float*, std::int32_t*, const float*,           \
                                              const float*, const float*,                    \
                                              const Conv2dParams&, Scratch);                 \
  template void winograd_backward<m>(float*, float*, const OutputGradient&, const float*,    \
                                     const float*, const Conv2dParams&, Scratch);
KERNELGARTEN_INSTANTIATE(2)
KERNELGARTEN_INSTANTIATE(4)
#undef KERNELGARTEN_INSTANTIATE

}  // namespace kernelgarten
