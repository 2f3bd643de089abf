#pragma once

#include "engine/ops/conv2d.hpp"

namespace kernelgarten {

/// columns [out_pixels, window_size] = the windows of one image, zeros where they leave it.
void im2col(float* columns, const float* image, const Conv2dParams& params);

/// The transpose of im2col: image (written) = sum of the window cells that were read from it.
void col2im(float* image, const float* columns, const Conv2dParams& params);

}  // namespace kernelgarten
