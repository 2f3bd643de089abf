#include "engine/layers/conv_transpose2d_layer.hpp"

#include "engine/layers/window_checks.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

ConvTranspose2dLayer::ConvTranspose2dLayer(const ConvTranspose2dSpec& spec, const std::string& name,
                                           const Shape& input)
    : spec_(spec) {
  check(spec.filters >= 1, "[", name, "] filters must be at least 1, got ", spec.filters);
  check(spec.kernel >= 1, "[", name, "] kernel must be at least 1, got ", spec.kernel);
  check_window(name, input, spec.kernel, spec.stride);
  check(spec.output_padding >= 0 && spec.output_padding < spec.stride, "[", name,
        "] output padding must be from 0 to ", spec.stride - 1, ", less than the stride, got ",
        spec.output_padding);
  in_channels_ = input[2];
  check_window_numbers(name, {input[0], input[1], spec.kernel, spec.kernel, spec.filters});
  grid_ = make_transposed_grid(input[0], input[1], spec.kernel, spec.stride, spec.padding,
                               spec.output_padding);
  method_ = choose_conv_transpose2d_method(params(1));
}

Shape ConvTranspose2dLayer::output_shape() const {
  return {grid_.in_height, grid_.in_width, spec_.filters};
}

std::vector<Parameter> ConvTranspose2dLayer::parameters() const {
  const Index area = spec_.kernel * spec_.kernel;
  const Fan fan{area * in_channels_, area * spec_.filters};
  return {
      {"weight", {spec_.kernel, spec_.kernel, spec_.filters, in_channels_}, spec_.weight_init, fan},
      {"bias", {spec_.filters}, spec_.bias_init, fan}};
}

Index ConvTranspose2dLayer::scratch_size(Index batch) const {
  return conv_transpose2d_scratch_size(params(batch), method_);
}

double ConvTranspose2dLayer::flops() const {
  return 2.0 * static_cast<double>(params(1).in_pixels()) * static_cast<double>(weight_count());
}

void ConvTranspose2dLayer::forward(const LayerPass& pass) const {
  conv_transpose2d_forward(pass.out, pass.in, pass.parameters, pass.parameters + weight_count(),
                           params(pass.batch), method_, pass.scratch);
}

void ConvTranspose2dLayer::backward(const LayerPass& pass) const {
  conv_transpose2d_backward(pass.d_in, pass.gradients, pass.gradients_from(weight_count()),
                            pass.d_out, pass.in, pass.parameters, params(pass.batch), method_,
                            pass.scratch);
}

}  // namespace kernelgarten
