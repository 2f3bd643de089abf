#include "engine/ops/im2col.hpp"

#include <algorithm>

#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

/// One row of one window: where it lies in the image, and how much of it lies outside.
struct WindowRow {
  bool inside;
  Index image_offset;
  Index outside_left;
  Index length;
  Index outside_right;
};

WindowRow locate(const Conv2dParams& params, Index out_y, Index out_x, Index kernel_y) {
  const WindowGrid& grid = params.grid;
  const Index y = out_y * grid.stride + kernel_y - grid.pad_top;
  const Index x = out_x * grid.stride - grid.pad_left;
  const Index first = std::clamp<Index>(x, 0, grid.in_width);
  const Index last = std::clamp<Index>(x + grid.size, 0, grid.in_width);
  const Index channels = params.in_channels;
  return {y >= 0 && y < grid.in_height, (y * grid.in_width + first) * channels,
          (first - x) * channels, (last - first) * channels, (x + grid.size - last) * channels};
}

template <class Visit>
void for_each_window_row(const Conv2dParams& params, Visit visit) {
  const WindowGrid& grid = params.grid;
  Index column_offset = 0;
  for (Index y = 0; y < grid.out_height; ++y) {
    for (Index x = 0; x < grid.out_width; ++x) {
      for (Index i = 0; i < grid.size; ++i) {
        visit(locate(params, y, x, i), column_offset);
        column_offset += grid.size * params.in_channels;
      }
    }
  }
}

}  // namespace

void im2col(float* columns, const float* image, const Conv2dParams& params) {
  const Index row_size = params.grid.size * params.in_channels;
  for_each_window_row(params, [=](const WindowRow& row, Index offset) {
    float* to = columns + offset;
    if (!row.inside) {
      std::fill_n(to, row_size, 0.0f);
      return;
    }
    to = std::fill_n(to, row.outside_left, 0.0f);
    to = std::copy_n(image + row.image_offset, row.length, to);
    std::fill_n(to, row.outside_right, 0.0f);
  });
}

void col2im(float* image, const float* columns, const Conv2dParams& params) {
  std::fill_n(image, params.in_size(), 0.0f);
  for_each_window_row(params, [=](const WindowRow& row, Index offset) {
    if (!row.inside) return;
    float* to = image + row.image_offset;
    simd::zip(to, to, columns + offset + row.outside_left, row.length,
              [](auto sum, auto value) { return sum + value; });
  });
}

}  // namespace kernelgarten
