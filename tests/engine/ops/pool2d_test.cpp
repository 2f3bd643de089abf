#include "engine/ops/pool2d.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

using reference::Windows;

Pool2dParams params_of(const Windows& windows) {
  return {windows.batch, windows.channels,
          make_window_grid(windows.height, windows.width, windows.size, windows.stride,
                           windows.padding)};
}

struct MaxPool {
  Pool2dParams params;
  Floats out;
  std::vector<std::int32_t> winner;

  MaxPool(const Windows& windows, const Floats& in)
      : params(params_of(windows)),
        out(poison(params.batch * params.out_size())),
        winner(out.size(), -1) {
    max_pool2d_forward(out.data(), winner.data(), in.data(), params);
  }

  Floats backward(const Floats& d_out) const {
    Floats d_in = poison(params.batch * params.in_size());
    max_pool2d_backward(d_in.data(), d_out.data(), winner.data(), params);
    return d_in;
  }
};

Floats average_forward(const Windows& windows, const Floats& in) {
  const Pool2dParams params = params_of(windows);
  Floats out = poison(params.batch * params.out_size());
  average_pool2d_forward(out.data(), in.data(), params);
  return out;
}

Floats average_backward(const Windows& windows, const Floats& d_out) {
  const Pool2dParams params = params_of(windows);
  Floats d_in = poison(params.batch * params.in_size());
  average_pool2d_backward(d_in.data(), d_out.data(), params);
  return d_in;
}

template <class Check>
void for_each_shape(Check check) {
  for (const Index batch : {0, 1, 3}) {
    for (const Index channels : {1, 3, 8, 35}) {
      for (const Index size : {1, 2, 3}) {
        for (const Index stride : {1, 2, 3}) {
          for (const Padding padding : {Padding::kSame, Padding::kValid}) {
            CAPTURE(channels);
            CAPTURE(size);
            CAPTURE(stride);
            check(Windows{batch, 7, 5, channels, size, stride, padding});
          }
        }
      }
    }
  }
}

constexpr Windows kJacobianShapes[] = {
    {2, 4, 4, 2, 2, 2, Padding::kSame}, {1, 5, 4, 3, 3, 1, Padding::kSame},
    {1, 5, 5, 2, 2, 2, Padding::kSame}, {1, 7, 6, 1, 3, 2, Padding::kValid},
    {1, 2, 2, 2, 3, 1, Padding::kSame}, {1, 7, 7, 1, 2, 3, Padding::kSame},
};

}  // namespace

TEST_CASE("max_pool2d: closed form") {
  const Windows windows{1, 2, 4, 1, 2, 2, Padding::kSame};
  const MaxPool pool(windows, {1, 5, -3, -4, 2, 0, -1, -2});
  CHECK(pool.out == Floats{5, -1});
  CHECK(pool.winner == std::vector<std::int32_t>{1, 6});
  CHECK(pool.backward({10, 20}) == Floats{0, 10, 0, 0, 0, 0, 20, 0});
}

TEST_CASE("max_pool2d: the first of equals wins, and padding never does") {
  const MaxPool pool({1, 3, 3, 1, 2, 2, Padding::kSame}, filled(9, -1.0f));
  CHECK(pool.out == filled(4, -1.0f));
  CHECK(pool.winner == std::vector<std::int32_t>{0, 2, 6, 8});
}

TEST_CASE("max_pool2d: a NaN is not lost") {
  for (const std::size_t place : {0u, 1u, 2u, 3u}) {
    Floats in{1, 2, 3, 4};
    in[place] = kNaN;
    CHECK(std::isnan(MaxPool({1, 2, 2, 1, 2, 2, Padding::kSame}, in).out[0]));
  }
}

TEST_CASE("max_pool2d: overlapping windows add up their gradients") {
  const MaxPool pool({1, 1, 3, 1, 3, 1, Padding::kSame}, {1, 9, 2});
  CHECK(pool.out == Floats{9, 9, 9});
  CHECK(pool.backward({1, 2, 4}) == Floats{0, 7, 0});
}

TEST_CASE("max_pool2d: equals the plain version on odd shapes") {
  for_each_shape([](const Windows& windows) {
    const Floats in = random_values(windows.in_count(), 3);
    check_close(MaxPool(windows, in).out, reference::max_pool2d(widen(in), windows), 0.0);
  });
}

TEST_CASE("max_pool2d: Jacobian") {
  for (const Windows& windows : kJacobianShapes) {
    const Floats in = distinct_values(windows.in_count(), 3);
    const MaxPool pool(windows, in);
    check_jacobian([&](const Doubles& x) { return reference::max_pool2d(x, windows); },
                   [&](const Floats& d_out) { return pool.backward(d_out); }, in);
  }
}

TEST_CASE("average_pool2d: closed form") {
  const Windows windows{1, 2, 4, 1, 2, 2, Padding::kSame};
  CHECK(average_forward(windows, {1, 5, -3, -4, 2, 0, -1, -2}) == Floats{2, -2.5f});
  CHECK(average_backward(windows, {4, 8}) == Floats{1, 1, 2, 2, 1, 1, 2, 2});
}

TEST_CASE("average_pool2d: padded cells do not count") {
  const Windows windows{1, 3, 3, 1, 2, 2, Padding::kSame};
  CHECK(average_forward(windows, {1, 2, 3, 4, 5, 6, 7, 8, 9}) == Floats{3, 4.5f, 7.5f, 9});
  CHECK(average_backward(windows, {4, 4, 4, 4}) == Floats{1, 1, 2, 1, 1, 2, 2, 2, 4});
}

TEST_CASE("average_pool2d: equals the plain version on odd shapes") {
  for_each_shape([](const Windows& windows) {
    const Floats in = random_values(windows.in_count(), 3);
    check_close(average_forward(windows, in), reference::average_pool2d(widen(in), windows), 1e-6);
  });
}

TEST_CASE("average_pool2d: Jacobian") {
  for (const Windows& windows : kJacobianShapes) {
    check_jacobian([&](const Doubles& x) { return reference::average_pool2d(x, windows); },
                   [&](const Floats& d_out) { return average_backward(windows, d_out); },
                   random_values(windows.in_count(), 3));
  }
}

}  // namespace kernelgarten::test
