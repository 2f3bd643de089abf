#include "engine/layers/pool2d_layers.hpp"

#include "engine/layers/saved_winners.hpp"
#include "engine/layers/window_checks.hpp"

namespace kernelgarten {
Pool2dLayer::Pool2dLayer(const Pool2dFields& spec, const std::string& name, const Shape& input)
    : grid_(checked_window_grid(name, input, spec.size, spec.stride, spec.padding)),
      channels_(input[2]) {}

Shape Pool2dLayer::output_shape() const { return {grid_.out_height, grid_.out_width, channels_}; }

double Pool2dLayer::flops() const {
  return static_cast<double>(params(1).out_size()) * static_cast<double>(grid_.size * grid_.size);
}

void MaxPool2dLayer::forward(const LayerPass& pass) const {
  max_pool2d_forward(pass.out, saved_winners(pass), pass.in, params(pass.batch));
}

void MaxPool2dLayer::backward(const LayerPass& pass) const {
  if (pass.d_in == nullptr) return;
  max_pool2d_backward(pass.d_in, pass.d_out, saved_winners(pass), params(pass.batch));
}

void AveragePool2dLayer::forward(const LayerPass& pass) const {
  average_pool2d_forward(pass.out, pass.in, params(pass.batch));
}

void AveragePool2dLayer::backward(const LayerPass& pass) const {
  if (pass.d_in == nullptr) return;
  average_pool2d_backward(pass.d_in, pass.d_out, params(pass.batch));
}

}  // namespace kernelgarten
