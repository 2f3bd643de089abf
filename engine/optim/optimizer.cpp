#include "engine/optim/optimizer.hpp"

#include <cmath>

#include "engine/optim/adam.hpp"
#include "engine/optim/rmsprop.hpp"
#include "engine/optim/sgd.hpp"
#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

constexpr double kLargestRate = 100.0;

void check_factor(const char* name, double value) {
  check(value >= 0.0 && value < 1.0, "[optimizer] ", name, " must be at least 0 and below 1, got ",
        value);
}

}  // namespace

Optimizer::Optimizer(double learning_rate, Index parameter_count, std::vector<std::string> parts)
    : parameter_count_(parameter_count),
      parts_(std::move(parts)),
      state_(parameter_count * static_cast<Index>(parts_.size())) {
  set_learning_rate(learning_rate);
}

void Optimizer::visit_state(StateVisitor& visit) {
  visit.number("optimizer.learning_rate", learning_rate_, kLargestRate);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    visit.floats(concat("optimizer.", parts_[i]), {parameter_count_},
                 {state_part(i), static_cast<std::size_t>(parameter_count_)});
  }
}

void Optimizer::set_learning_rate(double rate) {
  check(rate >= 0.0 && rate <= kLargestRate,
        "[optimizer] learning rate must be a number from 0 to ", kLargestRate, ", got ", rate,
        "; 0.001 is a usual start");
  learning_rate_ = rate;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec, Index parameter_count) {
  check_factor("momentum", spec.momentum);
  check_factor("decay", spec.decay);
  check_factor("beta1", spec.beta1);
  check_factor("beta2", spec.beta2);
  check(spec.epsilon > 0.0 && spec.epsilon <= 1.0,
        "[optimizer] epsilon must be above 0 and at most 1, got ", spec.epsilon);
  check(spec.clip_norm >= 0.0 && std::isfinite(spec.clip_norm),
        "[optimizer] clip norm must be 0 (off) or a positive number, got ", spec.clip_norm);
  check(!spec.nesterov || spec.momentum > 0.0,
        "[optimizer] Nesterov's look-ahead needs a momentum above 0, got 0");
  switch (spec.type) {
    case OptimizerType::kSgd:
      return std::make_unique<Sgd>(spec, parameter_count);
    case OptimizerType::kRmsProp:
      return std::make_unique<RmsProp>(spec, parameter_count);
    case OptimizerType::kAdam:
      return std::make_unique<Adam>(spec, parameter_count);
  }
  throw InvalidArgument("[optimizer] unknown type");
}

double squared_norm(std::span<const float> gradient) {
  const Index count = static_cast<Index>(gradient.size());
  const float squares = simd::reduce_sum(gradient.data(), count, [](auto x) { return x * x; });
  if (std::isfinite(squares) && squares > 1e-30f) return static_cast<double>(squares);
  // The squares left the range of float, or an element is not finite: once more, in double.
  double sum = 0.0;
  for (const float value : gradient) sum += double{value} * double{value};
  return sum;
}

void clip_gradient(std::span<float> gradient, double norm, double limit) {
  if (limit == 0.0 || norm <= limit) return;
  const float factor = static_cast<float>(limit / (norm + 1e-6));
  simd::map(gradient.data(), gradient.data(), static_cast<Index>(gradient.size()),
            [factor](auto x) { return x * decltype(x)(factor); });
}

}  // namespace kernelgarten
