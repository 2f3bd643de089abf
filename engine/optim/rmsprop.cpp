#include "engine/optim/rmsprop.hpp"

#include "engine/simd/loops.hpp"

namespace kernelgarten {

RmsProp::RmsProp(const OptimizerSpec& spec, Index parameter_count)
    : Optimizer(spec.learning_rate, parameter_count),
      decay_(static_cast<float>(spec.decay)),
      epsilon_(static_cast<float>(spec.epsilon)) {}

void RmsProp::step(std::span<float> parameters, std::span<const float> gradient) {
  const Index count = static_cast<Index>(parameters.size());
  float* squares = state_part(0, parameters.size());
  const float rate = static_cast<float>(learning_rate());
  const float decay = decay_, epsilon = epsilon_;
  simd::zip(squares, squares, gradient.data(), count, [decay](auto s, auto g) {
    using V = decltype(s);
    return V(decay) * s + V(1.0f - decay) * g * g;
  });
  simd::zip(parameters.data(), parameters.data(), gradient.data(), squares, count,
            [=](auto p, auto g, auto s) {
              using V = decltype(p);
              return p - V(rate) * g / (simd::square_root(s) + V(epsilon));
            });
}

}  // namespace kernelgarten
