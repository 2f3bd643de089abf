#include "engine/layers/conv2d_layer.hpp"

#include "engine/layers/window_checks.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

Conv2dLayer::Conv2dLayer(const Conv2dSpec& spec, const std::string& name, const Shape& input)
    : spec_(spec) {
  check(spec.filters >= 1, "[", name, "] filters must be at least 1, got ", spec.filters);
  check(spec.kernel >= 1, "[", name, "] kernel must be at least 1, got ", spec.kernel);
  grid_ = checked_window_grid(name, input, spec.kernel, spec.stride, spec.padding);
  in_channels_ = input[2];
  method_ = choose_conv2d_method(params(1));
  check_window_numbers(name,
                       {grid_.out_height, grid_.out_width, spec.kernel, spec.kernel, in_channels_});
}

Conv2dParams Conv2dLayer::params(Index batch) const {
  return {batch, in_channels_, spec_.filters, grid_};
}

Index Conv2dLayer::weight_count() const {
  return spec_.kernel * spec_.kernel * in_channels_ * spec_.filters;
}

Shape Conv2dLayer::output_shape() const {
  return {grid_.out_height, grid_.out_width, spec_.filters};
}

std::vector<Parameter> Conv2dLayer::parameters() const {
  const Index area = spec_.kernel * spec_.kernel;
  const Fan fan{area * in_channels_, area * spec_.filters};
  return {
      {"weight", {spec_.kernel, spec_.kernel, in_channels_, spec_.filters}, spec_.weight_init, fan},
      {"bias", {spec_.filters}, spec_.bias_init, fan}};
}

Index Conv2dLayer::scratch_size(Index batch) const {
  return conv2d_scratch_size(params(batch), method_);
}

double Conv2dLayer::flops() const {
  return 2.0 * static_cast<double>(params(1).out_pixels()) * static_cast<double>(weight_count());
}

void Conv2dLayer::forward(const LayerPass& pass) const {
  conv2d_forward(pass.out, pass.in, pass.parameters, pass.parameters + weight_count(),
                 params(pass.batch), method_, pass.scratch);
}

void Conv2dLayer::backward(const LayerPass& pass) const {
  conv2d_backward(pass.d_in, pass.gradients, pass.gradients_from(weight_count()), pass.d_out,
                  pass.in, pass.parameters, params(pass.batch), method_, pass.scratch);
}

}  // namespace kernelgarten
