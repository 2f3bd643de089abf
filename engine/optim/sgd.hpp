#pragma once

#include "engine/optim/optimizer.hpp"

namespace kernelgarten {

/// Gradient descent, p -= rate g, with momentum m: v = m v + g and p -= rate v, or in Nesterov's
/// form p -= rate (g + m v). Sutskever et al., ICML 2013, in PyTorch's notation.
class Sgd : public Optimizer {
 public:
  Sgd(const OptimizerSpec& spec, Index parameter_count);
  void update(Range range, std::span<float> parameters, std::span<const float> gradient) override;

 private:
  float momentum_;
  bool nesterov_;
};

}  // namespace kernelgarten
