// Ten steps of each optimizer, with and without clipping, against PyTorch.

#include "engine/optim/optimizer.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"
#include "tests/golden/optimizers.hpp"

namespace kernelgarten::test {
namespace {

constexpr std::size_t kParameters = 9, kSteps = 10;

void check_track(OptimizerSpec spec, double clip_norm,
                 const double (&expected)[kParameters * kSteps]) {
  const auto optimizer = make_optimizer(spec, kParameters);
  Floats parameters = golden::values(1, kParameters);
  for (std::size_t step = 0; step < kSteps; ++step) {
    CAPTURE(step);
    Floats gradient = golden::values(100 + static_cast<std::uint32_t>(step), kParameters);
    for (std::size_t i = 0; i < kParameters; ++i) gradient[i] += 0.5f * parameters[i];
    clip_gradient(gradient, std::sqrt(squared_norm(gradient)), clip_norm);
    optimizer->step(parameters, gradient);
    const double* row = expected + step * kParameters;
    check_close(parameters, Doubles(row, row + kParameters), 1e-6);
  }
}

}  // namespace

TEST_CASE("golden: gradient descent") {
  const OptimizerSpec spec{.type = OptimizerType::kSgd, .learning_rate = 0.1};
  check_track(spec, 0.0, golden::sgd);
  check_track(spec, 1.5, golden::sgd_clipped);
}

TEST_CASE("golden: momentum and Nesterov's") {
  OptimizerSpec spec{.type = OptimizerType::kSgd, .learning_rate = 0.05, .momentum = 0.9};
  check_track(spec, 0.0, golden::momentum);
  check_track(spec, 1.5, golden::momentum_clipped);
  spec.nesterov = true;
  check_track(spec, 0.0, golden::nesterov);
  check_track(spec, 1.5, golden::nesterov_clipped);
}

TEST_CASE("golden: rmsprop") {
  const OptimizerSpec spec{
      .type = OptimizerType::kRmsProp, .learning_rate = 0.01, .decay = 0.9, .epsilon = 0.01};
  check_track(spec, 0.0, golden::rmsprop);
  check_track(spec, 1.5, golden::rmsprop_clipped);
}

TEST_CASE("golden: adam") {
  const OptimizerSpec spec{.type = OptimizerType::kAdam, .learning_rate = 0.01};
  check_track(spec, 0.0, golden::adam);
  check_track(spec, 1.5, golden::adam_clipped);
  const OptimizerSpec soft{.type = OptimizerType::kAdam,
                           .learning_rate = 0.05,
                           .beta1 = 0.5,
                           .beta2 = 0.99,
                           .epsilon = 0.1};
  check_track(soft, 0.0, golden::adam_soft);
  check_track(soft, 1.5, golden::adam_soft_clipped);
}

}  // namespace kernelgarten::test
