#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/batch_norm.hpp"

namespace kernelgarten {

/// Normalises each channel over the batch and then scales and shifts it: parameters scale and
/// shift [channels]; state running mean and variance [channels] each.
class BatchNormLayer : public Layer {
 public:
  BatchNormLayer(const BatchNormSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override { return shape_; }
  std::vector<Parameter> parameters() const override;
  std::vector<float> initial_state() const override;
  /// Mean and inverse standard deviation of the batch.
  Index saved_size(Index) const override { return 2 * channels(); }
  Index scratch_size(Index batch) const override;
  double flops() const override { return 4.0 * static_cast<double>(element_count(shape_)); }
  bool mixes_examples() const override { return true; }
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 private:
  Index channels() const { return shape_.back(); }
  BatchNormParams params(Index batch) const;

  BatchNormSpec spec_;
  Shape shape_;
};

}  // namespace kernelgarten
