#pragma once

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

struct Upsample2dParams {
  Index batch;
  Index height;
  Index width;
  Index channels;
  Index factor;

  Index row_size() const { return width * channels; }
};

/// Nearest neighbour: every pixel becomes a square of factor x factor. NHWC:
///   out[n, y, x, c] = in[n, y / factor, x / factor, c]
void upsample2d_forward(float* out, const float* in, const Upsample2dParams& params);

/// d_in (written): the sum of the gradient over each square.
void upsample2d_backward(float* d_in, const float* d_out, const Upsample2dParams& params);

}  // namespace kernelgarten
