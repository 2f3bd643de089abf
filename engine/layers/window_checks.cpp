#include "engine/layers/window_checks.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {

WindowGrid checked_window_grid(const std::string& name, const Shape& input, Index size,
                               Index stride, Padding padding) {
  check(input.size() == 3, "[", name, "] expected an image (height x width x channels), got shape ",
        to_string(input));
  check(size >= 1, "[", name, "] window size must be at least 1, got ", size);
  check(stride >= 1, "[", name, "] stride must be at least 1, got ", stride);
  const Index smaller_side = std::min(input[0], input[1]);
  check(padding == Padding::kSame || size <= smaller_side, "[", name, "] expected a window of at most ",
        smaller_side, " cells, the image's smaller side, got ", size,
        "; choose a smaller one or padding 'same'");
  return make_window_grid(input[0], input[1], size, stride, padding);
}

}  // namespace kernelgarten
