#include "engine/layers/dense_relu_layer.hpp"

namespace kernelgarten {

Index DenseReluLayer::scratch_size(Index batch) const {
  return dense_relu_scratch_size(params(batch));
}

double DenseReluLayer::flops() const {
  return DenseLayer::flops() + static_cast<double>(element_count(output_shape()));
}

void DenseReluLayer::forward(const LayerPass& pass) const {
  dense_relu_forward(pass.out, pass.in, pass.parameters, bias(pass), params(pass.batch),
                     pass.scratch);
}

void DenseReluLayer::backward(const LayerPass& pass) const {
  dense_relu_backward(pass.d_in, pass.gradients, bias_gradient(pass), pass.d_out, pass.out, pass.in,
                      pass.parameters, params(pass.batch), pass.scratch);
}

}  // namespace kernelgarten
