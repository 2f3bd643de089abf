#include <algorithm>
#include <utility>

#include "bindings/measure.hpp"
#include "bindings/measure_support.hpp"
#include "engine/ops/conv2d.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {
namespace {

constexpr std::pair<const char*, Conv2dMethod> kMethods[] = {
    {"im2col", Conv2dMethod::kIm2col},
    {"direct", Conv2dMethod::kDirect},
    {"winograd2", Conv2dMethod::kWinograd2},
    {"winograd4", Conv2dMethod::kWinograd4},
};

Conv2dParams to_params(const ConvShape& shape) {
  const auto [batch, size, kernel, stride, in_channels, out_channels] = shape;
  const int smallest = std::min({batch, size, kernel, stride, in_channels, out_channels});
  check(smallest >= 1, "[conv] every size must be at least 1, got ", smallest);
  const WindowGrid grid = make_window_grid(size, size, kernel, stride, Padding::kSame);
  return {batch, in_channels, out_channels, grid};
}

Conv2dMethod to_method(const std::string& wanted, const Conv2dParams& params) {
  for (const auto& [name, method] : kMethods) {
    if (wanted == name && applies(method, params)) return method;
  }
  throw InvalidArgument("[conv] no method " + wanted + " for this shape");
}

}  // namespace

std::vector<std::string> conv_methods(const ConvShape& shape) {
  const Conv2dParams params = to_params(shape);
  const Conv2dMethod chosen = choose_conv2d_method(params);
  std::vector<std::string> names;
  for (const auto& [name, method] : kMethods) {
    if (applies(method, params)) names.insert(method == chosen ? names.begin() : names.end(), name);
  }
  return names;
}

double conv_gflops(const ConvShape& shape, const std::string& method_name, const std::string& pass,
                   double milliseconds) {
  const Conv2dParams params = to_params(shape);
  const Conv2dMethod method = to_method(method_name, params);
  const bool forward = pass == "forward", with_input = pass == "backward";
  check(forward || with_input || pass == "weight_gradient",
        "[conv] pass must be forward, backward or weight_gradient, got ", pass);
  const Index weights = params.window_size() * params.out_channels;
  const auto in = filled(params.batch * params.in_size());
  const auto weight = filled(weights), bias = filled(params.out_channels);
  auto out = filled(params.batch * params.out_size());
  auto d_in = filled(in.size()), d_weight = filled(weights), d_bias = filled(bias.size());
  auto scratch_memory = filled(conv2d_scratch_size(params, method));
  const Scratch scratch(scratch_memory.data());
  const double once = 2.0 * static_cast<double>(params.batch * params.out_pixels() * weights);
  if (forward) {
    return gflops(once, milliseconds, [&] {
      conv2d_forward(out.data(), in.data(), weight.data(), bias.data(), params, method, scratch);
    });
  }
  return gflops(with_input ? 2.0 * once : once, milliseconds, [&] {
    conv2d_backward(with_input ? d_in.data() : nullptr, d_weight.data(), d_bias.data(), out.data(),
                    in.data(), weight.data(), params, method, scratch);
  });
}

}  // namespace kernelgarten::bindings
