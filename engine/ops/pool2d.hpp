#pragma once

#include <cstdint>

#include "engine/ops/window.hpp"

namespace kernelgarten {

struct Pool2dParams {
  Index batch;
  Index channels;
  WindowGrid grid;

  Index in_size() const { return grid.in_height * grid.in_width * channels; }
  Index out_size() const { return grid.out_height * grid.out_width * channels; }
};

/// out[n, y, x, c] = largest in[n, ., ., c] of the window. `winner`, one number per output, keeps
/// which pixel of the image it was (y * in_width + x; the first of equals) for the way back.
void max_pool2d_forward(float* out, std::int32_t* winner, const float* in,
                        const Pool2dParams& params);
/// d_in (written): each output's gradient goes to the pixel that won.
void max_pool2d_backward(float* d_in, const float* d_out, const std::int32_t* winner,
                         const Pool2dParams& params);

/// out[n, y, x, c] = mean of the window's cells that lie inside the image.
void average_pool2d_forward(float* out, const float* in, const Pool2dParams& params);
/// d_in (written): each output's gradient is shared equally by the cells it averaged.
void average_pool2d_backward(float* d_in, const float* d_out, const Pool2dParams& params);

}  // namespace kernelgarten
