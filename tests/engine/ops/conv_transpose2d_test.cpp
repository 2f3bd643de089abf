#include "engine/ops/conv_transpose2d.hpp"

#include "tests/engine/ops/conv2d_methods.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

struct Sizes {
  Index batch, height, width, channels, filters;
  Index size, stride;
  Padding padding = Padding::kSame;
  Index output_padding = 0;
};

struct ConvTranspose {
  ConvTranspose2dParams params;
  reference::TransposedWindows windows;
  Floats in, weight, bias;
  Conv2dMethod method = Conv2dMethod::kIm2col;

  explicit ConvTranspose(const Sizes& s, std::uint32_t seed = 1)
      : params{
            s.batch, s.channels, s.filters,
            make_transposed_grid(s.height, s.width, s.size, s.stride, s.padding, s.output_padding)},
        windows{s.batch,
                s.height,
                s.width,
                s.channels,
                s.size,
                s.stride,
                params.grid.pad_top,
                params.grid.pad_left,
                params.grid.in_height,
                params.grid.in_width},
        in(random_values(s.batch * s.height * s.width * s.channels, seed)),
        weight(random_values(s.size * s.size * s.filters * s.channels, seed + 1)),
        bias(random_values(s.filters, seed + 2)) {}

  /// The convolution that it is the transpose of.
  Conv2dParams conv() const {
    return {params.batch, params.out_channels, params.in_channels, params.grid};
  }
  Floats forward() const {
    Floats out = poison(params.batch * params.out_size());
    ScratchBuffer scratch(conv_transpose2d_scratch_size(params, method));
    conv_transpose2d_forward(out.data(), in.data(), weight.data(), bias.data(), params, method,
                             scratch);
    return out;
  }
};

struct Gradients {
  Floats d_in, d_weight, d_bias;

  Gradients(const ConvTranspose& op, const Floats& d_out)
      : d_in(poison(static_cast<Index>(op.in.size()))),
        d_weight(op.weight.size(), 0.0f),
        d_bias(op.bias.size(), 0.0f) {
    add(op, d_out, d_in.data());
  }

  void add(const ConvTranspose& op, const Floats& d_out, float* to_d_in) {
    ScratchBuffer scratch(conv_transpose2d_scratch_size(op.params, op.method));
    conv_transpose2d_backward(to_d_in, d_weight.data(), d_bias.data(), d_out.data(), op.in.data(),
                              op.weight.data(), op.params, op.method, scratch);
  }
};

void check_jacobians(const ConvTranspose& op) {
  const Doubles in = widen(op.in), weight = widen(op.weight), bias = widen(op.bias);
  const JacobianOptions options{.tolerance = tolerance(op.method)};
  check_jacobian(
      [&](const Doubles& x) { return reference::conv_transpose2d(x, weight, bias, op.windows); },
      [&](const Floats& d_out) { return Gradients(op, d_out).d_in; }, op.in, options);
  check_jacobian(
      [&](const Doubles& w) { return reference::conv_transpose2d(in, w, bias, op.windows); },
      [&](const Floats& d_out) { return Gradients(op, d_out).d_weight; }, op.weight, options);
  check_jacobian(
      [&](const Doubles& b) { return reference::conv_transpose2d(in, weight, b, op.windows); },
      [&](const Floats& d_out) { return Gradients(op, d_out).d_bias; }, op.bias, options);
}

const Sizes kShapes[] = {
    {2, 3, 4, 2, 3, 4, 2},
    {1, 7, 7, 5, 1, 4, 2},
    {2, 3, 2, 3, 2, 3, 2},
    {1, 2, 3, 2, 2, 3, 1},
    {1, 3, 2, 2, 2, 2, 3},
    {2, 2, 3, 1, 4, 5, 3, Padding::kValid},
    {1, 3, 3, 2, 2, 3, 2, Padding::kSame, 1},
    {1, 2, 4, 2, 2, 4, 3, Padding::kValid, 2},
    {1, 4, 4, 2, 2, 4, 2, Padding::kValid, 1},
    {1, 1, 1, 3, 2, 1, 1},
    {0, 3, 3, 2, 2, 4, 2},
};

}  // namespace

TEST_CASE("conv_transpose2d: closed form") {
  ConvTranspose op({1, 1, 2, 1, 1, 2, 2, Padding::kValid});
  op.in = {1, 10};
  op.weight = {1, 2, 3, 4};
  op.bias = {0.5f};
  CHECK(op.forward() == Floats{1.5f, 2.5f, 10.5f, 20.5f, 3.5f, 4.5f, 30.5f, 40.5f});
  const Gradients gradients(op, {1, 0, 0, 1, 0, 0, 0, 0});
  CHECK(gradients.d_in == Floats{1, 2});
  CHECK(gradients.d_weight == Floats{1, 10, 0, 0});
  CHECK(gradients.d_bias == Floats{2});
}

TEST_CASE("conv_transpose2d: output sizes") {
  const auto height = [](Index in, Index size, Index stride, Padding padding, Index more) {
    return make_transposed_grid(in, 5, size, stride, padding, more).in_height;
  };
  CHECK(height(7, 4, 2, Padding::kSame, 0) == 14);
  CHECK(height(7, 3, 2, Padding::kSame, 1) == 15);
  CHECK(height(7, 4, 2, Padding::kValid, 0) == 16);
  CHECK(height(3, 2, 3, Padding::kSame, 0) == 9);
}

TEST_CASE("conv_transpose2d: equals the plain version") {
  for (const Sizes& sizes : kShapes) {
    CAPTURE(sizes.size);
    CAPTURE(sizes.stride);
    const ConvTranspose example(sizes);
    const Doubles expected = reference::conv_transpose2d(widen(example.in), widen(example.weight),
                                                         widen(example.bias), example.windows);
    with_every_method(example, example.conv(), [&](const ConvTranspose& op) {
      check_relative(op.forward(), expected, tolerance(op.method));
    });
  }
}

TEST_CASE("conv_transpose2d: Jacobian of the input, the weight and the bias") {
  for (const Sizes& sizes : kShapes) {
    if (sizes.batch == 0) continue;
    const ConvTranspose op(sizes);
    with_every_method(op, op.conv(), check_jacobians);
  }
}

TEST_CASE("conv_transpose2d: the method is that of its convolution") {
  CHECK(choose_conv_transpose2d_method(ConvTranspose({1, 7, 7, 64, 32, 4, 2}).params) ==
        Conv2dMethod::kWinograd4);
  CHECK(choose_conv_transpose2d_method(ConvTranspose({1, 14, 14, 32, 1, 4, 2}).params) ==
        Conv2dMethod::kDirect);
}

TEST_CASE("conv_transpose2d: parameter gradients add up, the input's is written, or left out") {
  const ConvTranspose op(kShapes[0]);
  const Floats d_out = random_values(op.params.batch * op.params.out_size(), 9);
  Gradients gradients(op, d_out);
  const Gradients once = gradients;
  gradients.add(op, d_out, nullptr);
  CHECK(gradients.d_in == once.d_in);
  gradients.add(op, d_out, gradients.d_in.data());
  CHECK(gradients.d_in == once.d_in);
  for (std::size_t i = 0; i < once.d_weight.size(); ++i) {
    CHECK(gradients.d_weight[i] == doctest::Approx(3.0f * once.d_weight[i]));
  }
  for (std::size_t i = 0; i < once.d_bias.size(); ++i) {
    CHECK(gradients.d_bias[i] == doctest::Approx(3.0f * once.d_bias[i]));
  }
}

}  // namespace kernelgarten::test
