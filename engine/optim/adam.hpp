#pragma once

#include "engine/optim/optimizer.hpp"

namespace kernelgarten {

/// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, and after t steps
///   p -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
/// Kingma and Ba, "Adam", ICLR 2015.
class Adam : public Optimizer {
 public:
  Adam(const OptimizerSpec& spec, Index parameter_count);
  void begin_step() override;
  void visit_state(StateVisitor& visit) override;
  void update(Range range, std::span<float> parameters, std::span<const float> gradient) override;

 private:
  double beta1_, beta2_, epsilon_;
  /// b1^t and b2^t
  double power1_ = 1.0, power2_ = 1.0;
};

}  // namespace kernelgarten
