#include "engine/optim/adam.hpp"

#include <cmath>

#include "engine/simd/loops.hpp"

namespace kernelgarten {
Adam::Adam(const OptimizerSpec& spec, Index parameter_count)
    : Optimizer(spec.learning_rate, 2 * parameter_count),
      beta1_(spec.beta1),
      beta2_(spec.beta2),
      epsilon_(spec.epsilon) {}

void Adam::step(std::span<float> parameters, std::span<const float> gradient) {
  power1_ *= beta1_;
  power2_ *= beta2_;
  const Index count = static_cast<Index>(parameters.size());
  float* mean = state_part(0, parameters.size());
  float* square = state_part(1, parameters.size());
  const float beta1 = static_cast<float>(beta1_), beta2 = static_cast<float>(beta2_);
  // From double: 1.0f - 0.999f is off by 5e-5 of itself, which the bias correction would not match.
  const float share1 = static_cast<float>(1.0 - beta1_);
  const float share2 = static_cast<float>(1.0 - beta2_);
  const float step_size = static_cast<float>(learning_rate() / (1.0 - power1_));
  const float correction = static_cast<float>(1.0 / std::sqrt(1.0 - power2_));
  const float epsilon = static_cast<float>(epsilon_);
  simd::zip(mean, mean, gradient.data(), count, [=](auto m, auto g) {
    using V = decltype(m);
    return V(beta1) * m + V(share1) * g;
  });
  simd::zip(square, square, gradient.data(), count, [=](auto v, auto g) {
    using V = decltype(v);
    return V(beta2) * v + V(share2) * g * g;
  });
  simd::zip(parameters.data(), parameters.data(), mean, square, count, [=](auto p, auto m, auto v) {
    using V = decltype(p);
    return p - V(step_size) * m / (simd::square_root(v) * V(correction) + V(epsilon));
  });
}

}  // namespace kernelgarten
