#include "engine/ops/im2col.hpp"

#include "tests/engine/reference.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

Conv2dParams one_image(const reference::Windows& windows) {
  return {1, windows.channels, 1,
          make_window_grid(windows.height, windows.width, windows.size, windows.stride,
                           windows.padding)};
}

Floats columns_of(const Floats& image, const Conv2dParams& params) {
  Floats columns = poison(params.out_pixels() * params.window_size());
  im2col(columns.data(), image.data(), params);
  return columns;
}

constexpr reference::Windows kShapes[] = {
    {1, 5, 4, 3, 3, 1, Padding::kSame},  {1, 5, 4, 3, 3, 1, Padding::kValid},
    {1, 6, 7, 1, 3, 2, Padding::kSame},  {1, 7, 7, 2, 3, 3, Padding::kValid},
    {1, 1, 2, 5, 5, 1, Padding::kSame},  {1, 9, 3, 17, 1, 2, Padding::kSame},
    {1, 8, 8, 40, 5, 4, Padding::kSame},
};

}  // namespace

TEST_CASE("im2col: closed form") {
  const Conv2dParams params = one_image({1, 2, 2, 1, 3, 1, Padding::kSame});
  CHECK(columns_of({1, 2, 3, 4}, params) == Floats{
                                                0, 0, 0, 0, 1, 2, 0, 3, 4,  //
                                                0, 0, 0, 1, 2, 0, 3, 4, 0,  //
                                                0, 1, 2, 0, 3, 4, 0, 0, 0,  //
                                                1, 2, 0, 3, 4, 0, 0, 0, 0,
                                            });
}

TEST_CASE("im2col: every cell comes from its pixel, the others are zero") {
  for (const reference::Windows& windows : kShapes) {
    const Conv2dParams params = one_image(windows);
    const Floats image = random_values(params.in_size(), 3);
    Floats expected = filled(params.out_pixels() * params.window_size(), 0.0f);
    windows.for_each_cell([&](Index out_pixel, Index i, Index j, Index in_pixel) {
      const Index to = out_pixel * params.window_size() + (i * windows.size + j) * windows.channels;
      std::copy_n(image.begin() + in_pixel * windows.channels, windows.channels,
                  expected.begin() + to);
    });
    CHECK(columns_of(image, params) == expected);
  }
}

TEST_CASE("im2col: col2im is the transpose, <im2col(x), y> = <x, col2im(y)>") {
  for (const reference::Windows& windows : kShapes) {
    const Conv2dParams params = one_image(windows);
    const Floats x = random_values(params.in_size(), 3);
    const Floats y = random_values(params.out_pixels() * params.window_size(), 4);
    const Floats columns = columns_of(x, params);
    Floats image = poison(params.in_size());
    col2im(image.data(), y.data(), params);
    double left = 0.0, right = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      left += static_cast<double>(columns[i]) * static_cast<double>(y[i]);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      right += static_cast<double>(x[i]) * static_cast<double>(image[i]);
    }
    CHECK(left == doctest::Approx(right).epsilon(1e-5));
  }
}

}  // namespace kernelgarten::test
