#include <algorithm>

#include "bindings/measure.hpp"
#include "bindings/measure_support.hpp"
#include "engine/ops/conv_transpose2d.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {
namespace {

ConvTranspose2dParams to_params(const ConvShape& shape) {
  const auto [batch, size, kernel, stride, in_channels, out_channels] = shape;
  const int smallest = std::min({batch, size, kernel, stride, in_channels, out_channels});
  check(smallest >= 1, "[convT] every size must be at least 1, got ", smallest);
  const WindowGrid grid = make_transposed_grid(size, size, kernel, stride, Padding::kSame, 0);
  return {batch, in_channels, out_channels, grid};
}

}  // namespace

double conv_transpose_gflops(const ConvShape& shape, const std::string& pass, double milliseconds) {
  const ConvTranspose2dParams params = to_params(shape);
  check(pass == "forward" || pass == "backward", "[convT] pass must be forward or backward, got ",
        pass);
  const Index weights =
      Index{shape.kernel} * shape.kernel * params.in_channels * params.out_channels;
  const Index ins = params.batch * params.in_pixels() * params.in_channels;
  const Index outs = params.batch * params.out_pixels() * params.out_channels;
  const auto in = filled(ins), weight = filled(weights), bias = filled(params.out_channels);
  auto out = filled(outs), d_in = filled(ins), d_weight = filled(weights);
  auto d_bias = filled(params.out_channels);
  const Conv2dMethod method = choose_conv_transpose2d_method(params);
  auto scratch_memory = filled(conv_transpose2d_scratch_size(params, method));
  const Scratch scratch(scratch_memory.data());
  const double once = 2.0 * static_cast<double>(params.batch * params.in_pixels() * weights);
  if (pass == "forward") {
    return gflops(once, milliseconds, [&] {
      conv_transpose2d_forward(out.data(), in.data(), weight.data(), bias.data(), params, method,
                               scratch);
    });
  }
  return gflops(2.0 * once, milliseconds, [&] {
    conv_transpose2d_backward(d_in.data(), d_weight.data(), d_bias.data(), out.data(), in.data(),
                              weight.data(), params, method, scratch);
  });
}

}  // namespace kernelgarten::bindings
