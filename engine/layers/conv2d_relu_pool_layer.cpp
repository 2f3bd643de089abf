#include "engine/layers/conv2d_relu_pool_layer.hpp"

#include "engine/layers/saved_winners.hpp"
#include "engine/ops/conv2d_relu_pool.hpp"

namespace kernelgarten {

bool Conv2dReluPoolLayer::applies(const Conv2dSpec& conv, const MaxPool2dSpec& pool,
                                  const Shape& input) {
  const WindowGrid grid =
      make_window_grid(input[0], input[1], conv.kernel, conv.stride, conv.padding);
  return pool.size == kPoolSide && pool.stride == kPoolSide &&
         relu_pool_applies({1, input[2], conv.filters, grid});
}

Shape Conv2dReluPoolLayer::output_shape() const {
  const Shape convolved = Conv2dLayer::output_shape();
  return {convolved[0] / kPoolSide, convolved[1] / kPoolSide, convolved[2]};
}

Index Conv2dReluPoolLayer::scratch_size(Index batch) const {
  return conv2d_relu_pool_scratch_size(params(batch), method());
}

double Conv2dReluPoolLayer::flops() const {
  const auto activations = static_cast<double>(params(1).out_size());
  return Conv2dLayer::flops() + 2.0 * activations;
}

void Conv2dReluPoolLayer::forward(const LayerPass& pass) const {
  conv2d_relu_pool_forward(pass.out, saved_winners(pass), pass.in, pass.parameters,
                           pass.parameters + weight_count(), params(pass.batch), method(),
                           pass.scratch);
}

void Conv2dReluPoolLayer::backward(const LayerPass& pass) const {
  conv2d_relu_pool_backward(pass.d_in, pass.gradients, pass.gradients_from(weight_count()),
                            pass.d_out, pass.out, saved_winners(pass), pass.in, pass.parameters,
                            params(pass.batch), method(), pass.scratch);
}

}  // namespace kernelgarten
