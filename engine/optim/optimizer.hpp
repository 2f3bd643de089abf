#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/io/state_visitor.hpp"
#include "engine/optim/optimizer_spec.hpp"
#include "engine/tensor/aligned_buffer.hpp"
#include "engine/tensor/range.hpp"

namespace kernelgarten {

/// Moves a flat buffer of parameters against its gradient. State lives in one flat buffer,
/// allocated on construction; `step` allocates nothing.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One update; both spans have the length given on construction.
  void step(std::span<float> parameters, std::span<const float> gradient) {
    begin_step();
    update({0, static_cast<Index>(parameters.size())}, parameters, gradient);
  }

  /// The same in ranges of the parameters, at the same time if need be: `begin_step`, then `update`
  /// once for each.
  virtual void begin_step() {}
  virtual void update(Range range, std::span<float> parameters,
                      std::span<const float> gradient) = 0;

  double learning_rate() const { return learning_rate_; }
  /// Holds from the next step on. Throws unless `rate` is a number from 0 to 100.
  void set_learning_rate(double rate);

  /// Floats of state.
  Index state_size() const { return state_.size(); }

  /// Learning rate and state: what the next step depends on besides the spec.
  virtual void visit_state(StateVisitor& visit);

 protected:
  /// The state has one part, as long as the parameters, for each name.
  Optimizer(double learning_rate, Index parameter_count, std::vector<std::string> parts);

  /// The `index`-th part of the state.
  float* state_part(std::size_t index) {
    return state_.data() + static_cast<Index>(index) * parameter_count_;
  }

 private:
  double learning_rate_ = 0.0;
  Index parameter_count_;
  std::vector<std::string> parts_;
  AlignedBuffer<float> state_;
};

/// Throws InvalidArgument where a field is out of its range.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec, Index parameter_count);

/// Sum of the squares; finite whenever every element is.
double squared_norm(std::span<const float> gradient);

/// Scales the gradient down to length `limit` if its length `norm` is over it, with PyTorch's
/// guard: factor = limit / (norm + 1e-6). Pascanu et al., ICML 2013. A limit of 0 does nothing.
void clip_gradient(std::span<float> gradient, double norm, double limit);

}  // namespace kernelgarten
