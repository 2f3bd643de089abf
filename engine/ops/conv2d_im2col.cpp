#include "engine/ops/conv2d_im2col.hpp"

#include <algorithm>

#include "engine/ops/gemm.hpp"
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

/// columns [out_pixels, window_size] = the windows of one image, zeros where they leave it.
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

/// The transpose of im2col: image += sum of the window cells that were read from it.
void col2im(float* image, const float* columns, const Conv2dParams& params) {
  for_each_window_row(params, [=](const WindowRow& row, Index offset) {
    if (!row.inside) return;
    float* to = image + row.image_offset;
    simd::zip(to, to, columns + offset + row.outside_left, row.length,
              [](auto sum, auto value) { return sum + value; });
  });
}

void add_weight_gradients(float* d_weight, const float* d_out, const float* in,
                          const Conv2dParams& params, Scratch scratch) {
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  for (Index n = 0; n < params.batch; ++n) {
    im2col(columns, in + n * params.in_size(), params);
    gemm(d_weight, params.out_channels, row_major(columns, window).transposed(),
         row_major(d_out + n * params.out_size(), params.out_channels), window, params.out_channels,
         params.out_pixels(), GemmInit::kAccumulate, scratch);
  }
}

}  // namespace

Index im2col_scratch_size(const Conv2dParams& params) {
  const Index window = params.window_size();
  const Index weights =
      std::max(packed_size(window, params.out_channels), packed_size(params.out_channels, window));
  const Index gradient = packed_size(params.out_pixels(), params.out_channels);
  return aligned_count(params.out_pixels() * window) + aligned_count(weights) +
         aligned_count(gradient);
}

void im2col_forward(float* out, const float* in, const float* weight, const float* bias,
                    const Conv2dParams& params, Scratch scratch) {
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(window, params.out_channels)),
                  row_major(weight, params.out_channels), window, params.out_channels);
  for (Index n = 0; n < params.batch; ++n) {
    im2col(columns, in + n * params.in_size(), params);
    gemm_packed(out + n * params.out_size(), params.out_channels, row_major(columns, window),
                packed, params.out_pixels(), init_with(bias), bias);
  }
}

void im2col_input_gradient(float* d_in, const float* d_out, const float* weight,
                           const Conv2dParams& params, Scratch scratch) {
  std::fill_n(d_in, params.batch * params.in_size(), 0.0f);
  const Index window = params.window_size();
  float* columns = scratch.take(params.out_pixels() * window);
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(params.out_channels, window)),
                  row_major(weight, params.out_channels).transposed(), params.out_channels, window);
  for (Index n = 0; n < params.batch; ++n) {
    gemm_packed(columns, window, row_major(d_out + n * params.out_size(), params.out_channels),
                packed, params.out_pixels(), GemmInit::kZero);
    col2im(d_in + n * params.in_size(), columns, params);
  }
}

void im2col_backward(float* d_in, float* d_weight, const OutputGradient& d_out, const float* in,
                     const float* weight, const Conv2dParams& params, Scratch scratch) {
  if (d_weight != nullptr) add_weight_gradients(d_weight, d_out.gradient, in, params, scratch);
  if (d_in != nullptr) im2col_input_gradient(d_in, d_out.gradient, weight, params, scratch);
}

}  // namespace kernelgarten
