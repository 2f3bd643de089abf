#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/pool2d.hpp"

namespace kernelgarten {

/// What both kinds of pooling share: a window grid over every channel on its own.
class Pool2dLayer : public Layer {
 public:
  Pool2dLayer(const Pool2dFields& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override;
  double flops() const override;

 protected:
  Pool2dParams params(Index batch) const { return {batch, channels_, grid_}; }

 private:
  WindowGrid grid_;
  Index channels_;
};

/// Keeps the largest value of each window.
class MaxPool2dLayer : public Pool2dLayer {
 public:
  using Pool2dLayer::Pool2dLayer;

  Index saved_size(Index batch) const override { return batch * params(1).out_size(); }
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;
};

/// Keeps the mean of each window.
class AveragePool2dLayer : public Pool2dLayer {
 public:
  using Pool2dLayer::Pool2dLayer;

  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;
};

}  // namespace kernelgarten
