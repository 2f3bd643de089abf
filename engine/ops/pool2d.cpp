#include "engine/ops/pool2d.hpp"

#include <algorithm>

#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

/// One output pixel of one image: its offset, and the part of its window inside the image.
struct PoolWindow {
  Index out_offset;
  Index first_y, last_y;
  Index first_x, last_x;

  Index cells() const { return (last_y - first_y) * (last_x - first_x); }
};

template <class Visit>
void for_each_window(const Pool2dParams& params, Visit visit) {
  const WindowGrid& grid = params.grid;
  for (Index y = 0; y < grid.out_height; ++y) {
    const Index top = y * grid.stride - grid.pad_top;
    for (Index x = 0; x < grid.out_width; ++x) {
      const Index left = x * grid.stride - grid.pad_left;
      visit(PoolWindow{(y * grid.out_width + x) * params.channels, std::max<Index>(top, 0),
                       std::min(top + grid.size, grid.in_height), std::max<Index>(left, 0),
                       std::min(left + grid.size, grid.in_width)});
    }
  }
}

template <class Visit>
void for_each_pixel(const PoolWindow& window, const Pool2dParams& params, Visit visit) {
  for (Index y = window.first_y; y < window.last_y; ++y) {
    for (Index x = window.first_x; x < window.last_x; ++x) visit(y * params.grid.in_width + x);
  }
}

/// best = value and winner = pixel wherever value is larger. A NaN wins, so that it is not lost.
void keep_larger(float* best, std::int32_t* winner, const float* values, Index pixel,
                 Index channels) {
  for (Index c = 0; c < channels; ++c) {
    const bool larger = values[c] > best[c] || values[c] != values[c];
    best[c] = larger ? values[c] : best[c];
    winner[c] = larger ? static_cast<std::int32_t>(pixel) : winner[c];
  }
}

}  // namespace

void max_pool2d_forward(float* out, std::int32_t* winner, const float* in,
                        const Pool2dParams& params) {
  for (Index n = 0; n < params.batch; ++n) {
    for_each_window(params, [&](const PoolWindow& window) {
      float* best = out + window.out_offset;
      std::int32_t* best_pixel = winner + window.out_offset;
      const Index first = window.first_y * params.grid.in_width + window.first_x;
      std::copy_n(in + first * params.channels, params.channels, best);
      std::fill_n(best_pixel, params.channels, static_cast<std::int32_t>(first));
      for_each_pixel(window, params, [&](Index pixel) {
        keep_larger(best, best_pixel, in + pixel * params.channels, pixel, params.channels);
      });
    });
    in += params.in_size();
    out += params.out_size();
    winner += params.out_size();
  }
}

void max_pool2d_backward(float* d_in, const float* d_out, const std::int32_t* winner,
                         const Pool2dParams& params) {
  std::fill_n(d_in, params.batch * params.in_size(), 0.0f);
  const Index out_pixels = params.grid.out_height * params.grid.out_width;
  for (Index n = 0; n < params.batch; ++n) {
    for (Index pixel = 0; pixel < out_pixels; ++pixel) {
      for (Index c = 0; c < params.channels; ++c) {
        d_in[*winner++ * params.channels + c] += *d_out++;
      }
    }
    d_in += params.in_size();
  }
}

void average_pool2d_forward(float* out, const float* in, const Pool2dParams& params) {
  std::fill_n(out, params.batch * params.out_size(), 0.0f);
  for (Index n = 0; n < params.batch; ++n) {
    for_each_window(params, [&](const PoolWindow& window) {
      float* mean = out + window.out_offset;
      const float share = 1.0f / static_cast<float>(window.cells());
      for_each_pixel(window, params, [&](Index pixel) {
        simd::zip(mean, mean, in + pixel * params.channels, params.channels,
                  [](auto sum, auto value) { return sum + value; });
      });
      simd::map(mean, mean, params.channels,
                [share](auto sum) { return sum * decltype(sum)(share); });
    });
    in += params.in_size();
    out += params.out_size();
  }
}

void average_pool2d_backward(float* d_in, const float* d_out, const Pool2dParams& params) {
  std::fill_n(d_in, params.batch * params.in_size(), 0.0f);
  for (Index n = 0; n < params.batch; ++n) {
    for_each_window(params, [&](const PoolWindow& window) {
      const float* gradient = d_out + window.out_offset;
      const float share = 1.0f / static_cast<float>(window.cells());
      for_each_pixel(window, params, [&](Index pixel) {
        float* to = d_in + pixel * params.channels;
        simd::zip(to, to, gradient, params.channels,
                  [share](auto sum, auto value) { return sum + value * decltype(value)(share); });
      });
    });
    d_in += params.in_size();
    d_out += params.out_size();
  }
}

}  // namespace kernelgarten
