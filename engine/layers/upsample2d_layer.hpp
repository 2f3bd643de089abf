#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/upsample2d.hpp"

namespace kernelgarten {

/// Makes an image larger by a whole factor, each pixel a square of its own.
class Upsample2dLayer : public Layer {
 public:
  Upsample2dLayer(const Upsample2dSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 private:
  Upsample2dParams params(Index batch) const {
    return {batch, input_[0], input_[1], input_[2], factor_};
  }

  Shape input_;
  Index factor_;
};

}  // namespace kernelgarten
