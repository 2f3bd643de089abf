#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/dense.hpp"

namespace kernelgarten {

/// Every output is a weighted sum of all inputs: parameters weight [inputs, units], bias [units].
/// On a sequence [steps, inputs] it does so for each step.
class DenseLayer : public Layer {
 public:
  DenseLayer(const DenseSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override;
  std::vector<Parameter> parameters() const override;
  Index scratch_size(Index batch) const override;
  double flops() const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 protected:
  DenseParams params(Index batch) const { return {batch * steps_, inputs_, spec_.units}; }
  const float* bias(const LayerPass& pass) const { return pass.parameters + weight_count(); }
  float* bias_gradient(const LayerPass& pass) const { return pass.gradients_from(weight_count()); }

 private:
  Index weight_count() const { return inputs_ * spec_.units; }

  DenseSpec spec_;
  bool sequence_;
  Index steps_;
  Index inputs_;
};

}  // namespace kernelgarten
