#include "engine/layers/window_checks.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Over any useful window or stride, and low enough that no product of sizes overflows.
constexpr Index kLargestWindow = 1024;
/// im2col writes all windows of an image one after another: half a gigabyte at most.
constexpr double kMostWindowNumbers = 1 << 27;

}  // namespace

void check_window(const std::string& name, const Shape& input, Index size, Index stride) {
  check(input.size() == 3, "[", name, "] expected an image (height x width x channels), got shape ",
        to_string(input));
  check(size >= 1 && size <= kLargestWindow, "[", name, "] window size must be from 1 to ",
        kLargestWindow, ", got ", size);
  check(stride >= 1 && stride <= kLargestWindow, "[", name, "] stride must be from 1 to ",
        kLargestWindow, ", got ", stride);
}

void check_window_numbers(const std::string& name, const Shape& windows) {
  const double count = wide_element_count(windows);
  check(count <= kMostWindowNumbers, "[", name, "] expected at most ", kMostWindowNumbers,
        " numbers in all windows of one image, got ", count,
        "; choose a smaller kernel or a larger stride");
}

WindowGrid checked_window_grid(const std::string& name, const Shape& input, Index size,
                               Index stride, Padding padding) {
  check_window(name, input, size, stride);
  const Index smaller_side = std::min(input[0], input[1]);
  check(padding == Padding::kSame || size <= smaller_side, "[", name,
        "] expected a window of at most ", smaller_side, " cells, the image's smaller side, got ",
        size, "; choose a smaller one or padding 'same'");
  return make_window_grid(input[0], input[1], size, stride, padding);
}

}  // namespace kernelgarten
