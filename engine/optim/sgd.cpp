#include "engine/optim/sgd.hpp"

#include "engine/simd/loops.hpp"

namespace kernelgarten {

Sgd::Sgd(const OptimizerSpec& spec, Index parameter_count)
    : Optimizer(
          spec.learning_rate, parameter_count,
          spec.momentum > 0.0 ? std::vector<std::string>{"velocity"} : std::vector<std::string>{}),
      momentum_(static_cast<float>(spec.momentum)),
      nesterov_(spec.nesterov) {}

void Sgd::update(Range range, std::span<float> parameters, std::span<const float> gradient) {
  const Index count = range.count();
  float* p = parameters.data() + range.begin;
  const float* g = gradient.data() + range.begin;
  const float rate = static_cast<float>(learning_rate());
  const float momentum = momentum_;
  const auto move = [rate](auto value, auto direction) {
    return value - decltype(value)(rate) * direction;
  };
  if (momentum == 0.0f) {
    simd::zip(p, p, g, count, move);
    return;
  }
  float* velocity = state_part(0) + range.begin;
  simd::zip(velocity, velocity, g, count,
            [momentum](auto v, auto d) { return decltype(v)(momentum) * v + d; });
  if (!nesterov_) {
    simd::zip(p, p, velocity, count, move);
    return;
  }
  simd::zip(p, p, g, velocity, count,
            [=](auto value, auto d, auto v) { return move(value, d + decltype(v)(momentum) * v); });
}

}  // namespace kernelgarten
