#include "engine/ops/conv2d_winograd.hpp"

#include <algorithm>

#include "engine/ops/activation.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/ops/pool_window.hpp"
#include "engine/ops/winograd_tiling.hpp"
#include "engine/ops/winograd_transform.hpp"
#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

using simd::kLanes;
using simd::Pack;
using winograd::Filtering;
using winograd::Matrices;
using winograd::phases;
using winograd::Tile;
using winograd::Tiling;
using winograd::transform_tile;
using winograd::window_taps;

/// One tap of all filters of one phase: a matrix [in_channels, out_channels] in the weights. There
/// is none where the size of the windows is no multiple of the stride and this one has ended
/// before.
struct FilterTap {
  bool inside;
  Index offset;
};

template <class F>
FilterTap find_tap(const Conv2dParams& params, Index phase, Index tap) {
  const Index stride = params.grid.stride, size = params.grid.size;
  const Index y = tap / F::kTaps * stride + phase / stride;
  const Index x = tap % F::kTaps * stride + phase % stride;
  return {y < size && x < size, (y * size + x) * params.in_channels * params.out_channels};
}

/// u[position] [rows, columns] = G g G^T of the filters g; gather(to, row, tap) writes a row of one
/// of their taps.
template <class F, class Gather>
void transform_filters(const Matrices& u, Index rows, Scratch scratch, Gather gather) {
  constexpr Index kArea = F::kTaps * F::kTaps;
  float* taps = scratch.take(kArea * u.columns);
  std::fill_n(taps, kArea * u.columns, 0.0f);
  for (Index row = 0; row < rows; ++row) {
    for (Index tap = 0; tap < kArea; ++tap) gather(taps + tap * u.columns, row, tap);
    for (Index c = 0; c < u.columns; c += kLanes) {
      transform_tile<F::kTaps, F::kSide>(
          F::filter,
          [&](int i, int j) { return simd::load(taps + (i * F::kTaps + j) * u.columns + c); },
          [&](int i, int j, Pack value) { simd::store(u.at(i * F::kSide + j, row) + c, value); });
    }
  }
}

/// As the outputs need them, [channels of all phases, out_channels].
template <class F>
void transform_filters_forward(const Matrices& u, const float* weight, const Tiling<F>& tiling,
                               Scratch scratch) {
  const Conv2dParams& params = tiling.params;
  const Index filters = params.out_channels;
  transform_filters<F>(u, tiling.rows, scratch, [&](float* to, Index row, Index tap) {
    const auto [inside, offset] = find_tap<F>(params, row / params.in_channels, tap);
    if (inside) {
      simd::copy(to, weight + offset + row % params.in_channels * filters, filters);
    } else {
      std::fill_n(to, filters, 0.0f);
    }
  });
}

/// As the input gradients need them, [out_channels, channels of all phases].
template <class F>
void transform_filters_backward(const Matrices& u, const float* weight, const Tiling<F>& tiling,
                                Scratch scratch) {
  const Conv2dParams& params = tiling.params;
  transform_filters<F>(u, params.out_channels, scratch, [&](float* to, Index row, Index tap) {
    for (Index phase = 0; phase < phases(params); ++phase, to += params.in_channels) {
      const auto [inside, offset] = find_tap<F>(params, phase, tap);
      if (!inside) continue;
      const float* from = weight + offset + row;
      for (Index c = 0; c < params.in_channels; ++c) to[c] = from[c * params.out_channels];
    }
  });
}

/// d_weight += G^T d_u G.
template <class F>
void add_filter_gradients(float* d_weight, const Matrices& d_u, const Tiling<F>& tiling) {
  const Conv2dParams& params = tiling.params;
  const Index filters = params.out_channels;
  for (Index row = 0; row < tiling.rows; ++row) {
    const Index phase = row / params.in_channels, channel = row % params.in_channels;
    simd::for_each_pack(filters, [&](Index c, auto lanes) {
      transform_tile<F::kSide, F::kTaps>(
          F::filter_adjoint,
          [&](int i, int j) { return simd::load(d_u.at(i * F::kSide + j, row) + c); },
          [&](int i, int j, Pack value) {
            const auto [inside, offset] = find_tap<F>(params, phase, i * F::kTaps + j);
            if (!inside) return;
            float* to = d_weight + offset + channel * filters + c;
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
        [&](int i, int j) { return simd::load(corner + i * image.row() + j * image.channels + c); },
        [&](int i, int j, Pack value) { simd::store(target + (i * Out + j) * to.step, value); });
  }
}

template <class F>
void transform_inputs(const Matrices& v, const PaddedImage& image, const float* in,
                      const Tiling<F>& tiling, Index begin, Index count) {
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) image.copy_in(in + tile.image * tiling.params.in_size(), tiling.in_place());
    transform_image_tile<F::kSide, F::kSide>(v, row, image, tile.y, tile.x, F::input);
  }
}

template <class F>
void transform_output_gradients(const Matrices& z, const PaddedImage& image,
                                const OutputGradient& d_out, const Tiling<F>& tiling, Index begin,
                                Index count) {
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) d_out.write(image, tiling.params, tile.image, 0, 0);
    transform_image_tile<F::kOutputs, F::kSide>(z, row, image, tile.y, tile.x, F::output_adjoint);
  }
}

/// Calls write(tile, channel, lanes, y) with y[i][j] a pack of the outputs of a tile, bias
/// included.
template <class F, class Write>
void transform_outputs(const Matrices& products, const float* bias, const Tiling<F>& tiling,
                       Index begin, Index count, Write write) {
  constexpr int kSide = F::kSide, m = F::kOutputs;
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    simd::for_each_pack(tiling.params.out_channels, [&](Index c, auto lanes) {
      const Pack shift = bias == nullptr ? Pack(0.0f) : lanes.load(bias + c);
      const float* from = products.at(0, row) + c;
      Pack y[m][m];
      transform_tile<kSide, m>(
          F::output,
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
        const Largest largest =
            largest_of_square(y[i][j], y[i][j + 1], y[i + 1][j], y[i + 1][j + 1], first, width);
        lanes.store(out + to, Relu{}.value(largest.value));
        lanes.store(winner + to, largest.pixel);
      }
    }
  }
};

/// Adds B d_v B^T to the images' gradients, where neighbouring tiles overlap.
template <class F>
void write_input_gradients(float* d_in, const PaddedImage& image, const Matrices& d_v,
                           const Tiling<F>& tiling, Index begin, Index count) {
  constexpr int kSide = F::kSide;
  for (Index row = 0; row < count; ++row) {
    const Tile tile = tiling.tile(begin + row);
    if (tile.first) image.clear();
    float* corner = image.at(tile.y, tile.x);
    for (Index c = 0; c < image.channels; c += kLanes) {
      const float* from = d_v.at(0, row) + c;
      transform_tile<kSide, kSide>(
          F::input_adjoint,
          [&](int i, int j) { return simd::load(from + (i * kSide + j) * d_v.step); },
          [&](int i, int j, Pack value) {
            float* to = corner + i * image.row() + j * image.channels + c;
            simd::store(to, simd::load(to) + value);
          });
    }
    if (tile.last) {
      image.copy_out(d_in + tile.image * tiling.params.in_size(), tiling.in_place());
    }
  }
}

template <class F, class Write>
void run_forward(const float* in, const float* weight, const float* bias,
                 const Conv2dParams& params, Scratch scratch, Write write) {
  using T = Tiling<F>;
  const T tiling(params);
  const PaddedImage image = tiling.take_in_image(scratch);
  const Matrices v = T::take_matrices(scratch, tiling.group, tiling.in_channels);
  const Matrices products = T::take_matrices(scratch, tiling.group, tiling.out_channels);
  const Matrices u = T::take_matrices(scratch, tiling.rows, tiling.out_channels);
  image.clear();
  transform_filters_forward<F>(u, weight, tiling, scratch);
  for (Index begin = 0; begin < tiling.count(); begin += tiling.group) {
    const Index count = std::min(tiling.group, tiling.count() - begin);
    transform_inputs(v, image, in, tiling, begin, count);
    for (Index p = 0; p < T::kPositions; ++p) {
      gemm_in_place(products.at(p, 0), products.columns, row_major(v.at(p, 0), v.columns),
                    u.at(p, 0), u.columns, count, u.columns, tiling.rows, GemmInit::kZero);
    }
    transform_outputs(products, bias, tiling, begin, count, write);
  }
}

template <class F>
void run_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                  const float* weight, const Conv2dParams& params, Scratch scratch) {
  using T = Tiling<F>;
  const T tiling(params);
  const PaddedImage image = tiling.take_in_image(scratch);
  const PaddedImage d_image = tiling.take_in_image(scratch);
  const PaddedImage d_out_image = tiling.take_out_image(scratch);
  const Matrices v = T::take_matrices(scratch, tiling.group, tiling.in_channels);
  const Matrices z = T::take_matrices(scratch, tiling.group, tiling.out_channels);
  const Matrices d_u = T::take_matrices(scratch, tiling.rows, tiling.out_channels);
  const Matrices u = T::take_matrices(scratch, params.out_channels, tiling.in_channels);
  image.clear();
  d_out_image.clear();
  if (d_in != nullptr) transform_filters_backward<F>(u, weight, tiling, scratch);
  for (Index begin = 0; begin < tiling.count(); begin += tiling.group) {
    const Index count = std::min(tiling.group, tiling.count() - begin);
    if (d_weight != nullptr) transform_inputs(v, image, in, tiling, begin, count);
    transform_output_gradients(z, d_out_image, d_out, tiling, begin, count);
    for (Index p = 0; p < T::kPositions; ++p) {
      if (d_weight != nullptr) {
        gemm_in_place(d_u.at(p, 0), d_u.columns, row_major(v.at(p, 0), v.columns).transposed(),
                      z.at(p, 0), z.columns, tiling.rows, d_u.columns, count,
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
  if (d_weight != nullptr && tiling.count() > 0) add_filter_gradients<F>(d_weight, d_u, tiling);
}

/// run(Filtering<m, r>) for windows of r taps.
template <int m, class Run>
auto with_filtering(const Conv2dParams& params, Run run) {
  if constexpr (m == 4) {
    if (window_taps(params) == 2) return run(Filtering<4, 2>{});
  }
  return run(Filtering<m, 3>{});
}

}  // namespace

template <int m>
bool winograd_applies(const Conv2dParams& params) {
  const Index taps = window_taps(params);
  return taps == 3 || (taps == 2 && m == 4);
}

template <int m>
double winograd_saving(const Conv2dParams& params) {
  const auto side = static_cast<double>(m + window_taps(params) - 1);
  const auto size = static_cast<double>(params.grid.size);
  return size * size * m * m / (side * side * static_cast<double>(phases(params)));
}

template <int m>
Index winograd_scratch_size(const Conv2dParams& params) {
  return with_filtering<m>(params, [&]<class F>(F) { return Tiling<F>(params).scratch_size(); });
}

template <int m>
void winograd_forward(float* out, const float* in, const float* weight, const float* bias,
                      const Conv2dParams& params, Scratch scratch) {
  with_filtering<m>(params, [&]<class F>(F) {
    run_forward<F>(in, weight, bias, params, scratch, WriteOutputs<m>{out, params});
  });
}

template <int m>
void winograd_relu_pool_forward(float* out, std::int32_t* winner, const float* in,
                                const float* weight, const float* bias, const Conv2dParams& params,
                                Scratch scratch) {
  with_filtering<m>(params, [&]<class F>(F) {
    run_forward<F>(in, weight, bias, params, scratch, WritePooled<m>{out, winner, params});
  });
}

template <int m>
void winograd_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                       const float* weight, const Conv2dParams& params, Scratch scratch) {
  with_filtering<m>(params, [&]<class F>(F) {
    run_backward<F>(d_in, d_weight, d_out, in, weight, params, scratch);
  });
}

#define KERNELGARTEN_INSTANTIATE(m)                                                              \
  template bool winograd_applies<m>(const Conv2dParams&);                                        \
  template double winograd_saving<m>(const Conv2dParams&);                                       \
  template Index winograd_scratch_size<m>(const Conv2dParams&);                                  \
  template void winograd_forward<m>(float*, const float*, const float*, const float*,            \
                                    const Conv2dParams&, Scratch);                               \
  template void winograd_relu_pool_forward<m>(float*, std::int32_t*, const float*, const float*, \
                                              const float*, const Conv2dParams&, Scratch);       \
  template void winograd_backward<m>(float*, float*, const OutputGradient&, const float*,        \
                                     const float*, const Conv2dParams&, Scratch);
KERNELGARTEN_INSTANTIATE(2)
KERNELGARTEN_INSTANTIATE(4)
#undef KERNELGARTEN_INSTANTIATE

}  // namespace kernelgarten
