#pragma once

#include "engine/layers/dense_layer.hpp"

namespace kernelgarten {

/// A dense layer and the ReLU that follows it, as one: the parameters are the dense layer's.
class DenseReluLayer : public DenseLayer {
 public:
  using DenseLayer::DenseLayer;

  Index scratch_size(Index batch) const override;
  double flops() const override;
  bool backward_reads_output() const override { return true; }
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;
};

}  // namespace kernelgarten
