#pragma once

#include "engine/layers/conv2d_layer.hpp"

namespace kernelgarten {

/// A convolution, the ReLU and the 2 x 2 max pooling that follow it, as one: the parameters are the
/// convolution's.
class Conv2dReluPoolLayer : public Conv2dLayer {
 public:
  using Conv2dLayer::Conv2dLayer;

  /// Whether the three can be one: for all sizes of outputs that make whole windows.
  static bool applies(const Conv2dSpec& conv, const MaxPool2dSpec& pool, const Shape& input);

  Shape output_shape() const override;
  Index saved_size(Index batch) const override { return batch * element_count(output_shape()); }
  Index scratch_size(Index batch) const override;
  double flops() const override;
  bool backward_reads_output() const override { return true; }
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;
};

}  // namespace kernelgarten
