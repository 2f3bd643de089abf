#include "engine/optim/optimizer.hpp"

#include <numeric>

#include "engine/tensor/check.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

OptimizerSpec spec_of(OptimizerType type, double rate) {
  OptimizerSpec spec;
  spec.type = type;
  spec.learning_rate = rate;
  return spec;
}

/// Steps on (p - 3)^2 / 2 and returns where p ends.
float minimise(const OptimizerSpec& spec, int steps) {
  const auto optimizer = make_optimizer(spec, 1);
  Floats parameter{0};
  for (int i = 0; i < steps; ++i) {
    const Floats gradient{parameter[0] - 3.0f};
    optimizer->step(parameter, gradient);
  }
  return parameter[0];
}

}  // namespace

TEST_CASE("optimizer: first steps by hand") {
  Floats parameters{1, -2};
  const Floats gradient{0.5f, -4};
  SUBCASE("gradient descent moves by rate times gradient") {
    make_optimizer(spec_of(OptimizerType::kSgd, 0.1), 2)->step(parameters, gradient);
    check_close(parameters, Doubles{0.95, -1.6}, 1e-6);
  }
  SUBCASE("Adam's first step has the length of the rate") {
    make_optimizer(spec_of(OptimizerType::kAdam, 1.0), 2)->step(parameters, gradient);
    check_close(parameters, Doubles{0, -1}, 1e-6);
  }
  SUBCASE("RMSProp's first step is the rate over the root of 1 - decay") {
    make_optimizer(spec_of(OptimizerType::kRmsProp, 0.1), 2)->step(parameters, gradient);
    check_close(parameters, Doubles{0.0, -1.0}, 1e-5);
  }
}

TEST_CASE("optimizer: every kind finds the bottom of a parabola") {
  OptimizerSpec momentum = spec_of(OptimizerType::kSgd, 0.05);
  momentum.momentum = 0.9;
  OptimizerSpec nesterov = momentum;
  nesterov.nesterov = true;
  for (const OptimizerSpec& spec :
       {spec_of(OptimizerType::kSgd, 0.1), momentum, nesterov,
        spec_of(OptimizerType::kRmsProp, 0.01), spec_of(OptimizerType::kAdam, 0.05)}) {
    CHECK(minimise(spec, 1000) == doctest::Approx(3.0).epsilon(0.01));
  }
}

TEST_CASE("optimizer: every length is stepped, the tail like the rest") {
  for (const OptimizerType type :
       {OptimizerType::kSgd, OptimizerType::kRmsProp, OptimizerType::kAdam}) {
    for (const Index count : {0, 1, 3, 16, 37, 67}) {
      Floats parameters = filled(count, 1.0f);
      const auto optimizer = make_optimizer(spec_of(type, 0.1), count);
      for (int step = 0; step < 3; ++step) optimizer->step(parameters, filled(count, 0.5f));
      for (const float value : parameters) {
        CHECK(value < 1.0f);
        CHECK(value == parameters[0]);
      }
    }
  }
}

TEST_CASE("optimizer: the learning rate changes while running") {
  const auto optimizer = make_optimizer(spec_of(OptimizerType::kSgd, 0.1), 1);
  Floats parameter{1};
  optimizer->step(parameter, Floats{1});
  optimizer->set_learning_rate(0.5);
  CHECK(optimizer->learning_rate() == 0.5);
  optimizer->step(parameter, Floats{1});
  check_close(parameter, Doubles{0.4}, 1e-6);
  optimizer->set_learning_rate(0.0);
  optimizer->step(parameter, Floats{1});
  check_close(parameter, Doubles{0.4}, 1e-6);
}

TEST_CASE("optimizer: settings out of range are named, with the value that came") {
  const auto expect = [](auto change, const char* message) {
    OptimizerSpec spec;
    change(spec);
    CHECK_THROWS_WITH_AS(make_optimizer(spec, 1), Contains(message), InvalidArgument);
  };
  const double nan = std::nan("");
  expect([](auto& s) { s.learning_rate = -1.0; }, "[optimizer] learning rate");
  expect([](auto& s) { s.learning_rate = -1.0; }, "got -1");
  expect([](auto& s) { s.learning_rate = 1e6; }, "got 1000000");
  expect([=](auto& s) { s.learning_rate = nan; }, "got nan");
  expect([](auto& s) { s.learning_rate = HUGE_VAL; }, "got inf");
  expect([](auto& s) { s.momentum = 1.0; }, "[optimizer] momentum");
  expect([=](auto& s) { s.decay = nan; }, "[optimizer] decay");
  expect([](auto& s) { s.beta1 = -0.1; }, "[optimizer] beta1");
  expect([](auto& s) { s.beta2 = 1.5; }, "[optimizer] beta2");
  expect([](auto& s) { s.epsilon = 0.0; }, "[optimizer] epsilon");
  expect([](auto& s) { s.clip_norm = -1.0; }, "[optimizer] clip norm");
  expect([](auto& s) { s.clip_norm = HUGE_VAL; }, "[optimizer] clip norm");
  expect([](auto& s) { s.nesterov = true; }, "momentum above 0");

  const auto optimizer = make_optimizer({}, 1);
  CHECK_THROWS_AS(optimizer->set_learning_rate(nan), InvalidArgument);
  CHECK_THROWS_AS(optimizer->set_learning_rate(-0.1), InvalidArgument);
  CHECK(optimizer->learning_rate() == 1e-3);
}

TEST_CASE("optimizer: the squared norm over the whole range of float") {
  CHECK(squared_norm(Floats{}) == 0.0);
  CHECK(squared_norm(Floats{3, 4}) == doctest::Approx(25.0));
  CHECK(squared_norm(filled(100, 1e-30f)) == doctest::Approx(1e-58).scale(0));
  CHECK(squared_norm(filled(100, 1e30f)) == doctest::Approx(1e62));
  CHECK_FALSE(std::isfinite(squared_norm(Floats{1, kNaN})));
  CHECK_FALSE(std::isfinite(squared_norm(Floats{1, -kInfinity})));
  const Floats values = random_values(1001, 1);
  double squares = 0.0;
  for (const float value : values)
    squares += static_cast<double>(value) * static_cast<double>(value);
  CHECK(squared_norm(values) == doctest::Approx(squares).epsilon(1e-5));
}

TEST_CASE("optimizer: clipping shortens what is too long and keeps its direction") {
  Floats gradient{3, 4};
  clip_gradient(gradient, 5.0, 10.0);
  CHECK(gradient == Floats{3, 4});
  clip_gradient(gradient, 5.0, 0.0);
  CHECK(gradient == Floats{3, 4});
  clip_gradient(gradient, 5.0, 1.0);
  check_close(gradient, Doubles{0.6, 0.8}, 1e-6);
}

}  // namespace kernelgarten::test
