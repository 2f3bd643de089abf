#pragma once

#include <string>

#include "engine/ops/window.hpp"

namespace kernelgarten {

/// The grid of a window layer over images of shape `input`, or InvalidArgument where input is no
/// image, size or stride is under 1, or a `valid` window does not fit.
WindowGrid checked_window_grid(const std::string& name, const Shape& input, Index size,
                               Index stride, Padding padding);

/// Throws InvalidArgument where the input is no image, or size or stride is out of its range.
void check_window(const std::string& name, const Shape& input, Index size, Index stride);

/// The same where all windows of one image together, `windows`, are too large to be written down.
void check_window_numbers(const std::string& name, const Shape& windows);

}  // namespace kernelgarten
