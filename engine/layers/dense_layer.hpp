#pragma once

#include "engine/layers/layer.hpp"

namespace kernelgarten {

/// Every output is a weighted sum of all inputs: parameters weight [inputs, units], bias [units].
class DenseLayer : public Layer {
 public:
  DenseLayer(const DenseSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override { return {spec_.units}; }
  std::vector<Parameter> parameters() const override;
  Index scratch_size(Index batch) const override;
  double flops() const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 private:
  DenseSpec spec_;
  Index inputs_;
};

}  // namespace kernelgarten
