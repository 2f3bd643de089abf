// Scores of samples against PyTorch.

#include "engine/judge/sample_scores.hpp"
#include "engine/ops/softmax.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"
#include "tests/golden/sample_scores.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Approx;

constexpr Index kImages = 40, kClasses = 10, kDimension = 6;

Gaussian gaussian(std::uint32_t salt, std::size_t rows, float scale, float offset) {
  return fit_gaussian(golden::values(salt, rows * kDimension, scale, offset), kDimension);
}

template <std::size_t count>
void check_near(const Doubles& actual, const double (&expected)[count]) {
  REQUIRE(actual.size() == count);
  for (std::size_t i = 0; i < count; ++i) CHECK(actual[i] == Approx(expected[i]).epsilon(1e-8));
}

}  // namespace

TEST_CASE("golden: scores of class probabilities") {
  const Floats logits = golden::values(1, kImages * kClasses, 5.0f);
  Floats probabilities = poison(kImages * kClasses);
  softmax_forward(probabilities.data(), logits.data(), kImages, kClasses);
  CHECK(mean_confidence(probabilities, kClasses) ==
        Approx(golden::mean_confidence[0]).epsilon(1e-6));
  check_near(class_shares(probabilities, kClasses), golden::class_shares);
  CHECK(inception_score(probabilities, kClasses) ==
        Approx(golden::inception_score[0]).epsilon(1e-6));
}

TEST_CASE("golden: the Frechet distance of two sets of features") {
  const Gaussian first = gaussian(2, 30, 1.0f, 0.0f), second = gaussian(3, 50, 2.0f, 0.5f);
  check_near(first.mean, golden::feature_mean);
  check_near(first.covariance, golden::feature_covariance);
  CHECK(frechet_distance(first, second) == Approx(golden::frechet_distance[0]).epsilon(1e-8));
  CHECK(frechet_distance(second, first) == Approx(golden::frechet_distance[0]).epsilon(1e-8));
}

}  // namespace kernelgarten::test
