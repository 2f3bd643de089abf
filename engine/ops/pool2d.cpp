#include "engine/ops/pool2d.hpp"

#include <algorithm>

#include "engine/ops/pool_window.hpp"
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

/// Whether each pixel lies in one window at most.
bool windows_are_apart(const WindowGrid& grid) { return grid.stride >= grid.size; }

/// Whether each pixel lies in one window at least.
bool windows_cover_image(const WindowGrid& grid) {
  return grid.stride <= grid.size &&
         grid.out_height * grid.stride - grid.pad_top >= grid.in_height &&
         grid.out_width * grid.stride - grid.pad_left >= grid.in_width;
}

/// For windows that are apart: each of their pixels takes the gradient or zero.
void give_to_winners(float* d_in, const float* d_out, const std::int32_t* winner,
                     const Pool2dParams& params) {
  for_each_window(params, [&](const PoolWindow& window) {
    simd::for_each_pack(params.channels, [&](Index c, auto lanes) {
      const simd::Pack gradient = lanes.load(d_out + window.out_offset + c);
      const simd::IntPack won = lanes.load(winner + window.out_offset + c);
      for_each_pixel(window, params, [&](Index pixel) {
        const auto is_winner = simd::equal(won, simd::IntPack(static_cast<std::int32_t>(pixel)));
        lanes.store(d_in + pixel * params.channels + c,
                    simd::select(is_winner, gradient, simd::Pack(0.0f)));
      });
    });
  });
}

/// For windows that overlap: a pixel may win several.
void add_to_winners(float* d_in, const float* d_out, const std::int32_t* winner,
                    const Pool2dParams& params) {
  for (Index i = 0; i < params.out_size(); ++i) {
    d_in[winner[i] * params.channels + i % params.channels] += d_out[i];
  }
}

}  // namespace

void max_pool2d_forward(float* out, std::int32_t* winner, const float* in,
                        const Pool2dParams& params) {
  for (Index n = 0; n < params.batch; ++n) {
    for_each_window(params, [&](const PoolWindow& window) {
      const Index first = window.first_y * params.grid.in_width + window.first_x;
      simd::for_each_pack(params.channels, [&](Index c, auto lanes) {
        Largest largest(lanes.load(in + first * params.channels + c),
                        static_cast<std::int32_t>(first));
        for_each_pixel(window, params, [&](Index pixel) {
          largest.see(lanes.load(in + pixel * params.channels + c),
                      static_cast<std::int32_t>(pixel));
        });
        lanes.store(out + window.out_offset + c, largest.value);
        lanes.store(winner + window.out_offset + c, largest.pixel);
      });
    });
    in += params.in_size();
    out += params.out_size();
    winner += params.out_size();
  }
}

void max_pool2d_backward(float* d_in, const float* d_out, const std::int32_t* winner,
                         const Pool2dParams& params) {
  const bool apart = windows_are_apart(params.grid);
  if (!apart || !windows_cover_image(params.grid)) {
    std::fill_n(d_in, params.batch * params.in_size(), 0.0f);
  }
  for (Index n = 0; n < params.batch; ++n) {
    if (apart) {
      give_to_winners(d_in, d_out, winner, params);
    } else {
      add_to_winners(d_in, d_out, winner, params);
    }
    d_in += params.in_size();
    d_out += params.out_size();
    winner += params.out_size();
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
