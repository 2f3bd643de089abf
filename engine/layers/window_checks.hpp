#pragma once

#include <string>

#include "engine/ops/window.hpp"

namespace kernelgarten {

/// The grid of a window layer over images of shape `input`, or InvalidArgument where input is no
/// image, size or stride is under 1, or a `valid` window does not fit.
WindowGrid checked_window_grid(const std::string& name, const Shape& input, Index size,
                               Index stride, Padding padding);

}  // namespace kernelgarten
