#include "engine/ops/conv2d_relu_pool.hpp"

#include "engine/ops/activation.hpp"
#include "engine/ops/pool2d.hpp"
#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

using reference::Windows;

constexpr Conv2dMethod kMethods[] = {Conv2dMethod::kDirect, Conv2dMethod::kWinograd2,
                                     Conv2dMethod::kWinograd4};

struct Example {
  Windows windows;
  Conv2dParams params;
  Floats in, weight, bias;

  Example(const Windows& shape, Index filters)
      : windows(shape),
        params{
            shape.batch, shape.channels, filters,
            make_window_grid(shape.height, shape.width, shape.size, shape.stride, shape.padding)},
        in(random_values(shape.in_count(), 1)),
        weight(random_values(params.window_size() * filters, 2)),
        bias(random_values(filters, 3)) {}

  Pool2dParams pool() const {
    return {params.batch, params.out_channels,
            make_window_grid(params.grid.out_height, params.grid.out_width, kPoolSide, kPoolSide,
                             Padding::kSame)};
  }
  std::size_t pooled_count() const {
    return static_cast<std::size_t>(pool().batch * pool().out_size());
  }
};

/// What either way leaves behind.
struct Results {
  Floats out;
  std::vector<std::int32_t> winner;
  Floats d_in, d_weight, d_bias;

  explicit Results(const Example& e)
      : out(e.pooled_count(), kNaN),
        winner(e.pooled_count(), -1),
        d_in(e.in.size(), kNaN),
        d_weight(e.weight.size(), 0.0f),
        d_bias(e.bias.size(), 0.0f) {}
};

Results fused(const Example& e, Conv2dMethod method, const Floats& d_out) {
  Results r(e);
  ScratchBuffer scratch(conv2d_relu_pool_scratch_size(e.params, method));
  conv2d_relu_pool_forward(r.out.data(), r.winner.data(), e.in.data(), e.weight.data(),
                           e.bias.data(), e.params, method, scratch);
  conv2d_relu_pool_backward(r.d_in.data(), r.d_weight.data(), r.d_bias.data(), d_out.data(),
                            r.out.data(), r.winner.data(), e.in.data(), e.weight.data(), e.params,
                            method, scratch);
  return r;
}

Results one_after_another(const Example& e, Conv2dMethod method, const Floats& d_out) {
  Results r(e);
  const Index count = e.params.batch * e.params.out_size();
  Floats values = poison(count), d_values = poison(count);
  ScratchBuffer scratch(conv2d_scratch_size(e.params, method));
  conv2d_forward(values.data(), e.in.data(), e.weight.data(), e.bias.data(), e.params, method,
                 scratch);
  activation_forward(values.data(), values.data(), count, Relu{});
  max_pool2d_forward(r.out.data(), r.winner.data(), values.data(), e.pool());
  max_pool2d_backward(d_values.data(), d_out.data(), r.winner.data(), e.pool());
  activation_backward(d_values.data(), d_values.data(), values.data(), count, Relu{});
  conv2d_backward(r.d_in.data(), r.d_weight.data(), r.d_bias.data(), d_values.data(), e.in.data(),
                  e.weight.data(), e.params, method, scratch);
  return r;
}

/// The same winners wherever there is one: where no output is positive, ReLU makes all of them
/// equal, and none gets a gradient.
void check_winners(const Results& a, const Results& b) {
  for (std::size_t i = 0; i < a.out.size(); ++i) {
    if (a.out[i] > 0.0f) CHECK(a.winner[i] == b.winner[i]);
  }
}

template <class Check>
void for_each_case(Check check) {
  const Windows shapes[] = {
      {2, 4, 6, 1, 3, 1, Padding::kSame},  {1, 8, 4, 3, 3, 1, Padding::kValid},
      {3, 10, 2, 9, 3, 1, Padding::kSame}, {1, 6, 6, 2, 5, 1, Padding::kSame},
      {0, 4, 4, 2, 3, 1, Padding::kSame},  {1, 14, 14, 17, 3, 1, Padding::kSame},
  };
  for (const Windows& windows : shapes) {
    for (const Index filters : {1, 4, 7, 16, 19}) {
      const Example example(windows, filters);
      REQUIRE(relu_pool_applies(example.params));
      for (const Conv2dMethod method : kMethods) {
        if (!applies(method, example.params)) continue;
        CAPTURE(windows.height);
        CAPTURE(filters);
        CAPTURE(static_cast<int>(method));
        check(example, method);
      }
    }
  }
}

}  // namespace

TEST_CASE("conv2d_relu_pool: the bits of convolution, ReLU and pooling one after another") {
  for_each_case([](const Example& example, Conv2dMethod method) {
    const Floats d_out = random_values(static_cast<Index>(example.pooled_count()), 4);
    const Results a = fused(example, method, d_out);
    const Results b = one_after_another(example, method, d_out);
    CHECK(a.out == b.out);
    check_winners(a, b);
    CHECK(a.d_in == b.d_in);
    CHECK(a.d_weight == b.d_weight);
    check_close(a.d_bias, b.d_bias, 1e-5);
  });
}

TEST_CASE("conv2d_relu_pool: closed form") {
  // A kernel of one cell doubles; the second filter makes everything negative.
  Example example({1, 2, 4, 1, 1, 1, Padding::kSame}, 2);
  example.in = {1, 5, -3, -4, 2, 0, -1, -2};
  example.weight = {2, -1};
  example.bias = {1, -10};
  const Results r = fused(example, Conv2dMethod::kDirect, {10, 20, 30, 40});
  CHECK(r.out == Floats{11, 0, 0, 0});
  CHECK(r.winner[0] == 1);
  CHECK(r.d_in == Floats{0, 20, 0, 0, 0, 0, 0, 0});
  CHECK(r.d_weight == Floats{50, 0});
  CHECK(r.d_bias == Floats{10, 0});
}

TEST_CASE("conv2d_relu_pool: a NaN is not lost") {
  for (const std::size_t place : {0u, 1u, 2u, 3u}) {
    Example example({1, 2, 2, 1, 1, 1, Padding::kSame}, 1);
    example.in[place] = kNaN;
    CHECK(std::isnan(fused(example, Conv2dMethod::kDirect, {1}).out[0]));
  }
}

TEST_CASE("conv2d_relu_pool: applies to outputs that make whole windows") {
  const auto applies_to = [](Index height, Index width, Index stride) {
    return relu_pool_applies({1, 1, 1, make_window_grid(height, width, 3, stride, Padding::kSame)});
  };
  CHECK(applies_to(4, 6, 1));
  CHECK_FALSE(applies_to(5, 6, 1));
  CHECK_FALSE(applies_to(4, 7, 1));
  CHECK_FALSE(applies_to(8, 8, 2));
  CHECK_FALSE(relu_pool_applies({1, 64, 1, make_window_grid(4, 4, 5, 1, Padding::kSame)}));
}

}  // namespace kernelgarten::test
