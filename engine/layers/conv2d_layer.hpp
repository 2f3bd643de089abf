#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/conv2d.hpp"

namespace kernelgarten {

/// Slides small filters over an image: parameters weight [kernel, kernel, in, filters] and
/// bias [filters].
class Conv2dLayer : public Layer {
 public:
  Conv2dLayer(const Conv2dSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override;
  std::vector<Parameter> parameters() const override;
  Index scratch_size(Index batch) const override;
  double flops() const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 protected:
  Conv2dParams params(Index batch) const;
  Index weight_count() const;
  Conv2dMethod method() const { return method_; }

 private:
  Conv2dSpec spec_;
  Index in_channels_ = 0;
  WindowGrid grid_{};
  Conv2dMethod method_{};
};

}  // namespace kernelgarten
