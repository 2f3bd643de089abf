#include "engine/ops/conv2d.hpp"

#include "tests/engine/ops/conv2d_methods.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

using reference::Windows;

struct Conv {
  Windows windows;
  Conv2dParams params;
  Floats in, weight, bias;
  Conv2dMethod method = Conv2dMethod::kIm2col;

  Conv(const Windows& shape, Index filters, std::uint32_t seed = 1)
      : windows(shape),
        params{
            shape.batch, shape.channels, filters,
            make_window_grid(shape.height, shape.width, shape.size, shape.stride, shape.padding)},
        in(random_values(shape.in_count(), seed)),
        weight(random_values(params.window_size() * filters, seed + 1)),
        bias(random_values(filters, seed + 2)) {}

  Floats forward() const {
    Floats out = poison(params.batch * params.out_size());
    ScratchBuffer scratch(conv2d_scratch_size(params, method));
    conv2d_forward(out.data(), in.data(), weight.data(), bias.data(), params, method, scratch);
    return out;
  }
  Doubles expected() const {
    return reference::conv2d(widen(in), widen(weight), widen(bias), windows);
  }
};

struct ConvGradients {
  Floats d_in, d_weight, d_bias;

  ConvGradients(const Conv& conv, const Floats& d_out)
      : d_in(poison(conv.windows.in_count())),
        d_weight(conv.weight.size(), 0.0f),
        d_bias(conv.bias.size(), 0.0f) {
    add(conv, d_out, d_in.data());
  }

  void add(const Conv& conv, const Floats& d_out, float* to_d_in) {
    ScratchBuffer scratch(conv2d_scratch_size(conv.params, conv.method));
    conv2d_backward(to_d_in, d_weight.data(), d_bias.data(), d_out.data(), conv.in.data(),
                    conv.weight.data(), conv.params, conv.method, scratch);
  }
};

void check_forward(const Conv& example) {
  const Doubles expected = example.expected();
  with_every_method(example, example.params, [&](const Conv& conv) {
    check_relative(conv.forward(), expected, tolerance(conv.method));
  });
}

void check_jacobians_of_method(const Conv& conv) {
  const Doubles in = widen(conv.in), weight = widen(conv.weight), bias = widen(conv.bias);
  const JacobianOptions options{.tolerance = tolerance(conv.method)};
  check_jacobian([&](const Doubles& x) { return reference::conv2d(x, weight, bias, conv.windows); },
                 [&](const Floats& d_out) { return ConvGradients(conv, d_out).d_in; }, conv.in,
                 options);
  check_jacobian([&](const Doubles& w) { return reference::conv2d(in, w, bias, conv.windows); },
                 [&](const Floats& d_out) { return ConvGradients(conv, d_out).d_weight; },
                 conv.weight, options);
  check_jacobian([&](const Doubles& b) { return reference::conv2d(in, weight, b, conv.windows); },
                 [&](const Floats& d_out) { return ConvGradients(conv, d_out).d_bias; }, conv.bias,
                 options);
}

void check_jacobians(const Conv& conv) {
  with_every_method(conv, conv.params, check_jacobians_of_method);
}

void check_gradients(const Conv& example) {
  const Floats d_out = random_values(example.params.batch * example.params.out_size(), 7);
  const reference::Conv2dGradients<double> expected =
      reference::conv2d_gradients(widen(d_out), widen(example.in), widen(example.weight),
                                  example.params.out_channels, example.windows);
  with_every_method(example, example.params, [&](const Conv& conv) {
    const ConvGradients gradients(conv, d_out);
    check_relative(gradients.d_in, expected.d_in, tolerance(conv.method));
    check_relative(gradients.d_weight, expected.d_weight, tolerance(conv.method));
    check_relative(gradients.d_bias, expected.d_bias, tolerance(conv.method));
  });
}

}  // namespace

TEST_CASE("conv2d: closed forms") {
  SUBCASE("a kernel of ones counts the cells inside the image") {
    Conv conv({1, 3, 3, 1, 3, 1, Padding::kSame}, 1);
    conv.in = filled(9, 1.0f);
    conv.weight = filled(9, 1.0f);
    conv.bias = {0.5f};
    CHECK(conv.forward() == Floats{4.5f, 6.5f, 4.5f, 6.5f, 9.5f, 6.5f, 4.5f, 6.5f, 4.5f});
  }
  SUBCASE("a one in the middle of the kernel copies, off the middle it shifts") {
    Conv conv({1, 2, 3, 1, 3, 1, Padding::kSame}, 2);
    conv.in = {1, 2, 3, 4, 5, 6};
    conv.weight = filled(18, 0.0f);
    conv.weight[4 * 2] = 1.0f;
    conv.weight[5 * 2 + 1] = 1.0f;
    conv.bias = {0, 0};
    CHECK(conv.forward() == Floats{1, 2, 2, 3, 3, 0, 4, 5, 5, 6, 6, 0});
  }
  SUBCASE("valid, two channels, by hand") {
    Conv conv({1, 2, 2, 2, 1, 1, Padding::kValid}, 1);
    conv.in = {1, 2, 3, 4, 5, 6, 7, 8};
    conv.weight = {10, 1};
    conv.bias = {100};
    CHECK(conv.forward() == Floats{112, 134, 156, 178});
  }
  SUBCASE("stride 2 pads at the end first, as TensorFlow does") {
    Conv conv({1, 1, 4, 1, 3, 2, Padding::kSame}, 1);
    conv.in = {1, 2, 3, 4};
    conv.weight = {0, 0, 0, 1, 10, 100, 0, 0, 0};
    conv.bias = {0};
    CHECK(conv.forward() == Floats{321, 43});
  }
}

TEST_CASE("conv2d: equals the plain version on odd shapes") {
  for (const Index batch : {0, 1, 3}) {
    for (const Index channels : {1, 3}) {
      for (const Index filters : {1, 5, 33}) {
        for (const Index size : {1, 3, 4, 5}) {
          for (const Index stride : {1, 2, 3}) {
            for (const Padding padding : {Padding::kSame, Padding::kValid}) {
              CAPTURE(size);
              CAPTURE(stride);
              const Conv conv({batch, 7, 5, channels, size, stride, padding}, filters);
              check_forward(conv);
              check_gradients(conv);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("conv2d: a window larger than the image") {
  for (const Index side : {1, 2, 3}) {
    const Conv conv({2, side, 4 - side, 2, 7, 1, Padding::kSame}, 3);
    check_forward(conv);
    check_jacobians(conv);
  }
}

TEST_CASE("conv2d: random shapes") {
  std::mt19937 generator(5);
  for (int round = 0; round < 40; ++round) {
    const Index size = 1 + static_cast<Index>(generator() % 5);
    const Windows windows{static_cast<Index>(1 + generator() % 3),
                          static_cast<Index>(size + generator() % 9),
                          static_cast<Index>(size + generator() % 9),
                          static_cast<Index>(1 + generator() % 20),
                          size,
                          static_cast<Index>(1 + generator() % 4),
                          generator() % 2 == 0 ? Padding::kSame : Padding::kValid};
    const Conv conv(windows, 1 + generator() % 40, static_cast<std::uint32_t>(round));
    check_forward(conv);
    check_gradients(conv);
  }
}

TEST_CASE("conv2d: the method chosen") {
  const auto method = [](Index channels, Index filters, Index size, Index stride) {
    return choose_conv2d_method(
        {1, channels, filters, make_window_grid(14, 14, size, stride, Padding::kSame)});
  };
  CHECK(method(1, 32, 3, 1) == Conv2dMethod::kDirect);
  CHECK(method(32, 64, 3, 1) == Conv2dMethod::kWinograd4);
  CHECK(method(8, 8, 3, 1) == Conv2dMethod::kWinograd4);
  CHECK(method(8, 7, 3, 1) == Conv2dMethod::kDirect);
  CHECK(method(32, 64, 4, 2) == Conv2dMethod::kWinograd4);
  CHECK(method(8, 16, 5, 2) == Conv2dMethod::kWinograd4);
  CHECK(method(1, 32, 4, 2) == Conv2dMethod::kDirect);
  CHECK(method(8, 16, 3, 2) == Conv2dMethod::kDirect);
  CHECK(method(8, 16, 5, 1) == Conv2dMethod::kDirect);
  CHECK(method(32, 64, 5, 1) == Conv2dMethod::kIm2col);
  CHECK_FALSE(applies(Conv2dMethod::kWinograd2, {1, 9, 9, make_window_grid(9, 9, 5, 1, {})}));
  CHECK_FALSE(applies(Conv2dMethod::kWinograd2, {1, 9, 9, make_window_grid(9, 9, 4, 2, {})}));
}

TEST_CASE("conv2d: the sizes that training uses, and some beside them") {
  for (const Index side : {7, 14, 15, 28}) {
    const Conv conv({2, side, side + side % 2, 32, 3, 1, Padding::kSame}, 24);
    check_forward(conv);
    check_gradients(conv);
  }
  const Conv many({1, 9, 9, 128, 3, 1, Padding::kValid}, 65);
  check_forward(many);
  check_gradients(many);
  for (const Index size : {4, 5, 6}) {
    const Conv halving({13, 14, 15, 9, size, 2, Padding::kSame}, 24);
    check_forward(halving);
    check_gradients(halving);
  }
}

TEST_CASE("conv2d: Jacobian of the input, the weight and the bias") {
  check_jacobians(Conv({2, 4, 3, 2, 3, 1, Padding::kSame}, 3));
  check_jacobians(Conv({2, 5, 4, 2, 3, 1, Padding::kValid}, 2));
  check_jacobians(Conv({1, 5, 6, 1, 3, 2, Padding::kSame}, 5));
  check_jacobians(Conv({1, 7, 6, 2, 3, 3, Padding::kValid}, 2));
  check_jacobians(Conv({1, 4, 4, 3, 1, 2, Padding::kSame}, 2));
  check_jacobians(Conv({1, 4, 5, 1, 5, 1, Padding::kSame}, 2));
  check_jacobians(Conv({1, 6, 6, 2, 4, 2, Padding::kSame}, 3));
  check_jacobians(Conv({1, 7, 5, 2, 4, 2, Padding::kValid}, 2));
  check_jacobians(Conv({1, 6, 7, 2, 5, 2, Padding::kSame}, 2));
  check_jacobians(Conv({1, 5, 4, 1, 2, 1, Padding::kSame}, 2));
}

TEST_CASE("conv2d: parameter gradients add up, the input's is written, or left out") {
  const Conv conv({2, 5, 5, 2, 3, 1, Padding::kSame}, 3);
  const Floats d_out = random_values(conv.params.batch * conv.params.out_size(), 9);
  ConvGradients gradients(conv, d_out);
  const ConvGradients once = gradients;
  gradients.add(conv, d_out, nullptr);
  CHECK(gradients.d_in == once.d_in);
  gradients.add(conv, d_out, gradients.d_in.data());
  CHECK(gradients.d_in == once.d_in);
  for (std::size_t i = 0; i < once.d_weight.size(); ++i) {
    CHECK(gradients.d_weight[i] == doctest::Approx(3.0f * once.d_weight[i]));
  }
  for (std::size_t i = 0; i < once.d_bias.size(); ++i) {
    CHECK(gradients.d_bias[i] == doctest::Approx(3.0f * once.d_bias[i]));
  }
}

TEST_CASE("conv2d: an empty batch leaves the gradients as they were") {
  const Conv conv({0, 5, 5, 2, 3, 1, Padding::kSame}, 3);
  const ConvGradients gradients(conv, {});
  CHECK(gradients.d_weight == Floats(conv.weight.size(), 0.0f));
  CHECK(gradients.d_bias == Floats(conv.bias.size(), 0.0f));
}

}  // namespace kernelgarten::test
