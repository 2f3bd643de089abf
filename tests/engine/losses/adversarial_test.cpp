#include "engine/losses/adversarial.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

constexpr AdversarialLoss kMinimax = AdversarialLoss::kMinimax;
constexpr AdversarialLoss kNonSaturating = AdversarialLoss::kNonSaturating;
constexpr AdversarialLoss kLeastSquares = AdversarialLoss::kLeastSquares;
constexpr AdversarialLoss kHinge = AdversarialLoss::kHinge;
constexpr std::array kAllLosses{kMinimax, kNonSaturating, kLeastSquares, kHinge};

struct Outcome {
  float loss;
  Floats gradient;
};

Outcome on_real(const Floats& outputs, AdversarialLoss loss, float label = 1.0f) {
  const Index count = static_cast<Index>(outputs.size());
  Floats gradient = poison(count);
  const float value =
      discriminator_loss_on_real(gradient.data(), outputs.data(), count, loss, label);
  return {value, gradient};
}

Outcome on_fake(const Floats& outputs, AdversarialLoss loss) {
  const Index count = static_cast<Index>(outputs.size());
  Floats gradient = poison(count);
  const float value = discriminator_loss_on_fake(gradient.data(), outputs.data(), count, loss);
  return {value, gradient};
}

Outcome of_generator(const Floats& outputs, AdversarialLoss loss) {
  const Index count = static_cast<Index>(outputs.size());
  Floats gradient = poison(count);
  const float value = generator_loss(gradient.data(), outputs.data(), count, loss);
  return {value, gradient};
}

void check_outcome(const Outcome& outcome, double loss, const Doubles& gradient) {
  CHECK(static_cast<double>(outcome.loss) == doctest::Approx(loss).epsilon(1e-6));
  check_close(outcome.gradient, gradient, 1e-6);
}

/// Mean of the header's formula for one output, in double.
using Formula = std::function<double(double z)>;

void check_formula(const Outcome& outcome, const Formula& formula, const Floats& outputs) {
  const auto mean = [&](const Doubles& z) {
    double sum = 0.0;
    for (const double output : z) sum += formula(output);
    return Doubles{sum / static_cast<double>(z.size())};
  };
  CHECK(static_cast<double>(outcome.loss) == doctest::Approx(mean(widen(outputs))[0]));
  check_jacobian(mean, [&](const Floats&) { return outcome.gradient; }, outputs);
}

double log_of_real(double z) { return std::log(reference::sigmoid(z)); }
double log_of_fake(double z) { return std::log(1.0 - reference::sigmoid(z)); }

}  // namespace

TEST_CASE("adversarial: closed forms of the losses on logits") {
  const double log2 = std::log(2.0), log4 = std::log(4.0);
  for (const AdversarialLoss loss : {kMinimax, kNonSaturating}) {
    check_outcome(on_real({0, 0}, loss), log2, {-0.25, -0.25});
    check_outcome(on_fake({0, 0}, loss), log2, {0.25, 0.25});
    // A logit of log 3 is a probability of 3/4.
    check_outcome(on_real({std::log(3.0f)}, loss), log4 - std::log(3.0), {-0.25});
    check_outcome(on_fake({std::log(3.0f)}, loss), log4, {0.75});
    check_outcome(on_real({0}, loss, 0.9f), log2, {-0.4});
    // A label of 0.9 is met by its own logit, where the loss is the label's entropy.
    const Outcome met = on_real({std::log(9.0f)}, loss, 0.9f);
    check_outcome(met, -0.9 * std::log(0.9) - 0.1 * std::log(0.1), {0});
  }
  check_outcome(of_generator({0}, kMinimax), -log2, {-0.5});
  check_outcome(of_generator({0}, kNonSaturating), log2, {-0.5});
  check_outcome(of_generator({std::log(3.0f)}, kMinimax), -log4, {-0.75});
  check_outcome(of_generator({std::log(3.0f)}, kNonSaturating), log4 - std::log(3.0), {-0.25});
}

TEST_CASE("adversarial: closed forms of least squares") {
  check_outcome(on_real({3, 1}, kLeastSquares), 1.0, {1, 0});
  check_outcome(on_real({1.9f}, kLeastSquares, 0.9f), 0.5, {1});
  check_outcome(on_fake({3, -1}, kLeastSquares), 2.5, {1.5, -0.5});
  check_outcome(of_generator({3, 0}, kLeastSquares), 1.25, {1, -0.5});
}

TEST_CASE("adversarial: closed forms of the hinge loss, its kinks included") {
  check_outcome(on_real({2, 1, 0, -1}, kHinge), 0.75, {0, 0, -0.25, -0.25});
  check_outcome(on_fake({2, 1, 0, -1}, kHinge), 1.5, {0.25, 0.25, 0.25, 0});
  check_outcome(on_fake({-2}, kHinge), 0.0, {0});
  check_outcome(of_generator({2, 1, 0, -1}, kHinge), -0.5, {-0.25, -0.25, -0.25, -0.25});
}

TEST_CASE("adversarial: Jacobian of each loss") {
  const Floats outputs = random_values(21, 1, -4.0f, 4.0f);
  for (const AdversarialLoss loss : {kMinimax, kNonSaturating}) {
    for (const float label : {1.0f, 0.9f}) {
      const double t = static_cast<double>(label);
      check_formula(
          on_real(outputs, loss, label),
          [t](double z) { return -t * log_of_real(z) - (1 - t) * log_of_fake(z); }, outputs);
    }
    check_formula(on_fake(outputs, loss), [](double z) { return -log_of_fake(z); }, outputs);
  }
  check_formula(of_generator(outputs, kMinimax), log_of_fake, outputs);
  check_formula(
      of_generator(outputs, kNonSaturating), [](double z) { return -log_of_real(z); }, outputs);

  const auto half_square = [](double target) {
    return [target](double z) { return (z - target) * (z - target) / 2.0; };
  };
  check_formula(on_real(outputs, kLeastSquares), half_square(1.0), outputs);
  check_formula(on_real(outputs, kLeastSquares, 0.75f), half_square(0.75), outputs);
  check_formula(on_fake(outputs, kLeastSquares), half_square(0.0), outputs);
  check_formula(of_generator(outputs, kLeastSquares), half_square(1.0), outputs);

  check_formula(on_real(outputs, kHinge), [](double z) { return std::max(0.0, 1.0 - z); }, outputs);
  check_formula(on_fake(outputs, kHinge), [](double z) { return std::max(0.0, 1.0 + z); }, outputs);
  check_formula(of_generator(outputs, kHinge), [](double z) { return -z; }, outputs);
}

TEST_CASE("adversarial: outputs of 1e4 stay finite") {
  const Floats outputs{1e4f, -1e4f};
  for (const AdversarialLoss loss : {kMinimax, kNonSaturating}) {
    check_outcome(on_real(outputs, loss), 5e3, {0, -0.5});
    check_outcome(on_real(outputs, loss, 0.9f), 5e3, {0.05, -0.45});
    check_outcome(on_fake(outputs, loss), 5e3, {0.5, 0});
  }
  check_outcome(of_generator(outputs, kMinimax), -5e3, {-0.5, 0});
  check_outcome(of_generator(outputs, kNonSaturating), 5e3, {0, -0.5});
  check_outcome(on_real(outputs, kHinge), 5000.5, {0, -0.5});
  check_outcome(on_fake(outputs, kHinge), 5000.5, {0.5, 0});
  check_outcome(on_fake(outputs, kLeastSquares), 5e7, {5e3, -5e3});
}

TEST_CASE("adversarial: a generator that is seen through learns nothing from minimax alone") {
  const Floats seen_through{-20.0f};
  CHECK(std::fabs(of_generator(seen_through, kMinimax).gradient[0]) < 1e-8f);
  CHECK(of_generator(seen_through, kNonSaturating).gradient[0] == doctest::Approx(-1.0));
  CHECK(of_generator(seen_through, kLeastSquares).gradient[0] == doctest::Approx(-21.0));
  CHECK(of_generator(seen_through, kHinge).gradient[0] == doctest::Approx(-1.0));
}

TEST_CASE("adversarial: a NaN shows in every loss") {
  for (const AdversarialLoss loss : kAllLosses) {
    CAPTURE(static_cast<int>(loss));
    CHECK(std::isnan(on_real({0, kNaN}, loss).loss));
    CHECK(std::isnan(on_fake({0, kNaN}, loss).loss));
    CHECK(std::isnan(of_generator({0, kNaN}, loss).loss));
  }
}

TEST_CASE("adversarial: what makes the discriminator's gradient on a fake the generator's") {
  for (const AdversarialLoss loss : {kMinimax, kNonSaturating}) {
    for (const float z : {-3.0f, -0.5f, 0.0f, 2.0f, 10.0f}) {
      float of_discriminator = kNaN, of_generator = kNaN;
      discriminator_loss_on_fake(&of_discriminator, &z, 1, loss);
      generator_loss(&of_generator, &z, 1, loss);
      CHECK(of_discriminator * generator_over_discriminator(z, loss) ==
            doctest::Approx(of_generator).epsilon(1e-5));
    }
  }
}

TEST_CASE("adversarial: verdicts are from 0 to 1, one half where the discriminator cannot tell") {
  for (const AdversarialLoss loss : {kMinimax, kNonSaturating}) {
    CHECK(verdict(0.0f, loss) == 0.5f);
    CHECK(verdict(std::log(3.0f), loss) == doctest::Approx(0.75));
    CHECK(verdict(-std::log(3.0f), loss) == doctest::Approx(0.25));
  }
  CHECK(verdict(0.5f, kLeastSquares) == 0.5f);
  CHECK(verdict(0.2f, kLeastSquares) == 0.2f);
  CHECK(verdict(0.0f, kHinge) == 0.5f);
  CHECK(verdict(0.5f, kHinge) == 0.75f);
  for (const AdversarialLoss loss : kAllLosses) {
    CHECK(verdict(1e4f, loss) == 1.0f);
    CHECK(verdict(-1e4f, loss) == 0.0f);
  }
}

}  // namespace kernelgarten::test
