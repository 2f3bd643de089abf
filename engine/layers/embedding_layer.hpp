#pragma once

#include "engine/layers/layer.hpp"

namespace kernelgarten {

/// Symbols [steps], whole numbers from 0 to `vocabulary`, excluded, become rows [steps, units] of
/// the parameter weight [vocabulary, units].
class EmbeddingLayer : public Layer {
 public:
  EmbeddingLayer(const EmbeddingSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override { return {steps_, spec_.units}; }
  std::vector<Parameter> parameters() const override;
  double flops() const override { return static_cast<double>(steps_ * spec_.units); }
  void forward(const LayerPass& pass) const override;
  /// A symbol has no gradient: d_in is zero.
  void backward(const LayerPass& pass) const override;

 private:
  EmbeddingSpec spec_;
  Index steps_;
};

}  // namespace kernelgarten
