#include "engine/ops/window.hpp"

#include <doctest/doctest.h>

namespace kernelgarten::test {

TEST_CASE("window: same gives ceil(size / stride) outputs and pads the smaller half in front") {
  const WindowGrid whole = make_window_grid(28, 28, 3, 1, Padding::kSame);
  CHECK(whole.out_height == 28);
  CHECK(whole.out_width == 28);
  CHECK(whole.pad_top == 1);
  CHECK(whole.pad_left == 1);

  const WindowGrid even = make_window_grid(28, 14, 2, 2, Padding::kSame);
  CHECK(even.out_height == 14);
  CHECK(even.out_width == 7);
  CHECK(even.pad_top == 0);

  const WindowGrid odd = make_window_grid(7, 5, 2, 2, Padding::kSame);
  CHECK(odd.out_height == 4);
  CHECK(odd.out_width == 3);
  CHECK(odd.pad_top == 0);
  CHECK(odd.pad_left == 0);

  const WindowGrid strided = make_window_grid(8, 9, 3, 2, Padding::kSame);
  CHECK(strided.out_height == 4);
  CHECK(strided.out_width == 5);
  CHECK(strided.pad_top == 0);
  CHECK(strided.pad_left == 1);
}

TEST_CASE("window: same with a window over the image, and one under the stride") {
  const WindowGrid large = make_window_grid(1, 2, 5, 1, Padding::kSame);
  CHECK(large.out_height == 1);
  CHECK(large.out_width == 2);
  CHECK(large.pad_top == 2);
  CHECK(large.pad_left == 2);

  const WindowGrid sparse = make_window_grid(5, 7, 1, 3, Padding::kSame);
  CHECK(sparse.out_height == 2);
  CHECK(sparse.out_width == 3);
  CHECK(sparse.pad_top == 0);
}

TEST_CASE("window: valid counts the places where the window fits") {
  const WindowGrid grid = make_window_grid(28, 5, 5, 1, Padding::kValid);
  CHECK(grid.out_height == 24);
  CHECK(grid.out_width == 1);
  CHECK(grid.pad_top == 0);
  CHECK(grid.pad_left == 0);

  const WindowGrid strided = make_window_grid(8, 9, 3, 3, Padding::kValid);
  CHECK(strided.out_height == 2);
  CHECK(strided.out_width == 3);
}

}  // namespace kernelgarten::test
