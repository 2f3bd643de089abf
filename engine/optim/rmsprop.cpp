#include "engine/optim/rmsprop.hpp"

#include "engine/simd/loops.hpp"

namespace kernelgarten {

RmsProp::RmsProp(const OptimizerSpec& spec, Index parameter_count)
    : Optimizer(spec.learning_rate, parameter_count, {"mean_square"}),
      decay_(static_cast<float>(spec.decay)),
      epsilon_(static_cast<float>(spec.epsilon)) {}

void RmsProp::update(Range range, std::span<float> parameters, std::span<const float> gradient) {
  const Index count = range.count();
  float* p = parameters.data() + range.begin;
  const float* g = gradient.data() + range.begin;
  float* squares = state_part(0) + range.begin;
  const float rate = static_cast<float>(learning_rate());
  const float decay = decay_, epsilon = epsilon_;
  simd::zip(squares, squares, g, count, [decay](auto s, auto d) {
    using V = decltype(s);
    return V(decay) * s + V(1.0f - decay) * d * d;
  });
  simd::zip(p, p, g, squares, count, [=](auto value, auto d, auto s) {
    using V = decltype(value);
    return value - V(rate) * d / (simd::square_root(s) + V(epsilon));
  });
}

}  // namespace kernelgarten
