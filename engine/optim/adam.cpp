#include "engine/optim/adam.hpp"

#include <cmath>

#include "engine/simd/loops.hpp"

namespace kernelgarten {
Adam::Adam(const OptimizerSpec& spec, Index parameter_count)
    : Optimizer(spec.learning_rate, parameter_count, {"mean", "mean_square"}),
      beta1_(spec.beta1),
      beta2_(spec.beta2),
      epsilon_(spec.epsilon) {}

void Adam::begin_step() {
  power1_ *= beta1_;
  power2_ *= beta2_;
}

void Adam::visit_state(StateVisitor& visit) {
  Optimizer::visit_state(visit);
  visit.number("optimizer.beta1_power", power1_, 1.0);
  visit.number("optimizer.beta2_power", power2_, 1.0);
}

void Adam::update(Range range, std::span<float> parameters, std::span<const float> gradient) {
  const Index count = range.count();
  float* p = parameters.data() + range.begin;
  const float* g = gradient.data() + range.begin;
  float* mean = state_part(0) + range.begin;
  float* square = state_part(1) + range.begin;
  const float beta1 = static_cast<float>(beta1_), beta2 = static_cast<float>(beta2_);
  // From double: 1.0f - 0.999f is off by 5e-5 of itself, which the bias correction would not match.
  const float share1 = static_cast<float>(1.0 - beta1_);
  const float share2 = static_cast<float>(1.0 - beta2_);
  const float step_size = static_cast<float>(learning_rate() / (1.0 - power1_));
  const float correction = static_cast<float>(1.0 / std::sqrt(1.0 - power2_));
  const float epsilon = static_cast<float>(epsilon_);
  simd::zip(mean, mean, g, count, [=](auto m, auto d) {
    using V = decltype(m);
    return V(beta1) * m + V(share1) * d;
  });
  simd::zip(square, square, g, count, [=](auto v, auto d) {
    using V = decltype(v);
    return V(beta2) * v + V(share2) * d * d;
  });
  simd::zip(p, p, mean, square, count, [=](auto value, auto m, auto v) {
    using V = decltype(value);
    return value - V(step_size) * m / (simd::square_root(v) * V(correction) + V(epsilon));
  });
}

}  // namespace kernelgarten
