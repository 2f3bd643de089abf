#pragma once

#include "engine/optim/optimizer.hpp"

namespace kernelgarten {

/// s = decay s + (1 - decay) g^2, p -= rate g / (sqrt(s) + epsilon). Tieleman and Hinton, 2012.
class RmsProp : public Optimizer {
 public:
  RmsProp(const OptimizerSpec& spec, Index parameter_count);
  void update(Range range, std::span<float> parameters, std::span<const float> gradient) override;

 private:
  float decay_;
  float epsilon_;
};

}  // namespace kernelgarten
