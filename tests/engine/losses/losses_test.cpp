#include "engine/losses/losses.hpp"

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

using Labels = std::vector<std::int32_t>;
using LossOfOutputs = float (*)(float*, const float*, const float*, Index, Index);

struct Outcome {
  float loss;
  Floats gradient;
  Floats probabilities;
};

Outcome classify(const Floats& logits, const Labels& labels) {
  const Index batch = static_cast<Index>(labels.size());
  const Index count = static_cast<Index>(logits.size());
  Floats gradient = poison(count), probabilities = poison(count);
  const float loss = softmax_cross_entropy(gradient.data(), probabilities.data(), logits.data(),
                                           labels.data(), batch, count / batch);
  return {loss, gradient, probabilities};
}

Outcome compare(LossOfOutputs loss, const Floats& outputs, const Floats& targets, Index batch = 1) {
  const Index count = static_cast<Index>(outputs.size());
  Floats gradient = poison(count);
  const float value = loss(gradient.data(), outputs.data(), targets.data(), batch, count / batch);
  return {value, gradient, {}};
}

Doubles apply_sigmoid(Doubles values) {
  for (double& value : values) value = reference::sigmoid(value);
  return values;
}

}  // namespace

TEST_CASE("softmax_cross_entropy: closed forms") {
  SUBCASE("equal logits give log n") {
    for (const Index classes : {1, 2, 10, 37}) {
      const Outcome outcome = classify(filled(3 * classes, 0.7f), {0, 0, 0});
      CHECK(outcome.loss == doctest::Approx(std::log(static_cast<double>(classes))));
    }
  }
  SUBCASE("two classes are the logistic loss") {
    const Outcome outcome = classify({0, std::log(3.0f)}, {0});
    CHECK(outcome.loss == doctest::Approx(std::log(4.0)));
    check_close(outcome.gradient, Doubles{-0.75, 0.75}, 1e-6);
  }
  SUBCASE("the mean over the batch") {
    const Outcome outcome = classify({0, 0, 0, 0}, {0, 1});
    CHECK(outcome.loss == doctest::Approx(std::log(2.0)));
    check_close(outcome.gradient, Doubles{-0.25, 0.25, 0.25, -0.25}, 1e-6);
  }
}

TEST_CASE("softmax_cross_entropy: a shift of 1e6 changes nothing") {
  const Floats logits{1, 2, 3, 0.5f, -4, 8};
  Floats shifted = logits;
  for (float& value : shifted) value += 1e6f;
  const Outcome plain = classify(logits, {2, 0}), moved = classify(shifted, {2, 0});
  CHECK(moved.loss == doctest::Approx(plain.loss).epsilon(1e-6));
  check_close(moved.gradient, plain.gradient, 1e-6);
}

TEST_CASE("softmax_cross_entropy: extreme logits stay finite") {
  const Outcome wrong = classify({1e6f, -1e6f, 0}, {1});
  CHECK(wrong.loss == doctest::Approx(2e6));
  check_close(wrong.gradient, Doubles{1, -1, 0}, 1e-6);
  const Outcome right = classify({1e30f, -1e30f, 0}, {0});
  CHECK(right.loss == 0.0f);
  check_close(right.gradient, Doubles{0, 0, 0}, 1e-6);
}

TEST_CASE("softmax_cross_entropy: a NaN shows in the loss") {
  CHECK(std::isnan(classify({0, kNaN}, {0}).loss));
}

TEST_CASE("softmax_cross_entropy: Jacobian") {
  for (const Index classes : {2, 10, 17}) {
    const Labels labels{0, 1, static_cast<std::int32_t>(classes - 1)};
    const Floats logits = random_values(3 * classes, 1, -3.0f, 3.0f);
    const Outcome outcome = classify(logits, labels);
    check_close(outcome.probabilities, reference::softmax(widen(logits), classes), 1e-6);
    CHECK(static_cast<double>(outcome.loss) ==
          doctest::Approx(reference::softmax_cross_entropy(widen(logits), labels)));
    check_jacobian(
        [&](const Doubles& x) { return Doubles{reference::softmax_cross_entropy(x, labels)}; },
        [&](const Floats&) { return outcome.gradient; }, logits);
  }
}

TEST_CASE("binary_cross_entropy: closed forms") {
  const Outcome outcome = compare(binary_cross_entropy, {0.5f, 0.25f}, {1, 0});
  CHECK(outcome.loss == doctest::Approx((std::log(2.0) - std::log(0.75)) / 2.0));
  check_close(outcome.gradient, Doubles{-1.0, 2.0 / 3.0}, 1e-6);
  const Outcome certain = compare(binary_cross_entropy, {0, 1, 1, 0}, {0, 1, 0, 1}, 2);
  CHECK(certain.loss == doctest::Approx(50.0));
  for (const float gradient : certain.gradient) CHECK(std::isfinite(gradient));
}

TEST_CASE("binary_cross_entropy: Jacobian") {
  const Floats probabilities = random_values(21, 1, 0.1f, 0.9f);
  const Floats targets = random_values(21, 2, 0.0f, 1.0f);
  const Outcome outcome = compare(binary_cross_entropy, probabilities, targets, 3);
  CHECK(static_cast<double>(outcome.loss) ==
        doctest::Approx(reference::binary_cross_entropy(widen(probabilities), widen(targets))));
  check_jacobian(
      [&](const Doubles& p) { return Doubles{reference::binary_cross_entropy(p, widen(targets))}; },
      [&](const Floats&) { return outcome.gradient; }, probabilities);
}

TEST_CASE("binary_cross_entropy_with_logits: closed forms, and extremes stay finite") {
  const Outcome even = compare(binary_cross_entropy_with_logits, {0, 0}, {0, 1});
  CHECK(even.loss == doctest::Approx(std::log(2.0)));
  check_close(even.gradient, Doubles{0.25, -0.25}, 1e-6);
  const Outcome extreme =
      compare(binary_cross_entropy_with_logits, {1000, -1000, 1000, -1000}, {0, 1, 1, 0}, 4);
  CHECK(extreme.loss == doctest::Approx(500.0));
  check_close(extreme.gradient, Doubles{0.25, -0.25, 0, 0}, 1e-6);
  CHECK(std::isnan(compare(binary_cross_entropy_with_logits, {kNaN}, {1}).loss));
}

TEST_CASE("binary_cross_entropy_with_logits: Jacobian") {
  const Floats logits = random_values(21, 1, -4.0f, 4.0f);
  const Floats targets = random_values(21, 2, 0.0f, 1.0f);
  const Outcome outcome = compare(binary_cross_entropy_with_logits, logits, targets, 7);
  const auto plain = [&](const Doubles& z) {
    return Doubles{reference::binary_cross_entropy(apply_sigmoid(z), widen(targets))};
  };
  CHECK(static_cast<double>(outcome.loss) == doctest::Approx(plain(widen(logits))[0]));
  check_jacobian(plain, [&](const Floats&) { return outcome.gradient; }, logits);
}

TEST_CASE("mean_squared_error: closed form and Jacobian") {
  const Outcome small = compare(mean_squared_error, {1, 2, 3, 4}, {0, 2, 5, 4}, 2);
  CHECK(small.loss == doctest::Approx(1.25));
  check_close(small.gradient, Doubles{0.5, 0, -1, 0}, 1e-6);

  const Floats predictions = random_values(21, 1), targets = random_values(21, 2);
  const Outcome outcome = compare(mean_squared_error, predictions, targets, 3);
  check_jacobian(
      [&](const Doubles& y) { return Doubles{reference::mean_squared_error(y, widen(targets))}; },
      [&](const Floats&) { return outcome.gradient; }, predictions);
}

}  // namespace kernelgarten::test
