#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/conv_transpose2d.hpp"

namespace kernelgarten {

/// Makes an image larger, each of its pixels adding a small window: parameters weight
/// [kernel, kernel, filters, in] and bias [filters].
class ConvTranspose2dLayer : public Layer {
 public:
  ConvTranspose2dLayer(const ConvTranspose2dSpec& spec, const std::string& name,
                       const Shape& input);

  Shape output_shape() const override;
  std::vector<Parameter> parameters() const override;
  Index scratch_size(Index batch) const override;
  double flops() const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 private:
  ConvTranspose2dParams params(Index batch) const {
    return {batch, in_channels_, spec_.filters, grid_};
  }
  Index weight_count() const { return spec_.kernel * spec_.kernel * spec_.filters * in_channels_; }

  ConvTranspose2dSpec spec_;
  Index in_channels_ = 0;
  WindowGrid grid_{};
  Conv2dMethod method_{};
};

}  // namespace kernelgarten
