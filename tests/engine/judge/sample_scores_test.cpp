#include "engine/judge/sample_scores.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Approx;

constexpr Index kClasses = 10;

/// `images` rows of which row i is sure of class_of(i).
template <class ClassOf>
Floats one_hot(Index images, ClassOf class_of) {
  Floats rows = filled(images * kClasses, 0.0f);
  for (Index i = 0; i < images; ++i) {
    rows[static_cast<std::size_t>(i * kClasses + class_of(i))] = 1.0f;
  }
  return rows;
}

/// A Gaussian with these variances and nothing off the diagonal.
Gaussian diagonal(const Doubles& mean, const Doubles& variances) {
  const std::size_t size = mean.size();
  Gaussian gaussian{mean, Doubles(size * size)};
  for (std::size_t i = 0; i < size; ++i) gaussian.covariance[i * (size + 1)] = variances[i];
  return gaussian;
}

}  // namespace

TEST_CASE("sample scores: a classifier that knows nothing") {
  const Floats uniform = filled(7 * kClasses, 0.1f);
  CHECK(mean_confidence(uniform, kClasses) == Approx(0.1));
  CHECK(inception_score(uniform, kClasses) == Approx(1.0));
  const Doubles shares = class_shares(uniform, kClasses);
  CHECK(shares[0] == 1.0);
  CHECK(shares[1] == 0.0);
}

TEST_CASE("sample scores: a classifier that is sure") {
  const Floats balanced = one_hot(40, [](Index i) { return i % kClasses; });
  CHECK(mean_confidence(balanced, kClasses) == 1.0);
  CHECK(inception_score(balanced, kClasses) == Approx(10.0));
  CHECK(class_shares(balanced, kClasses) == Doubles(10, 0.1));

  const Floats collapsed = one_hot(40, [](Index) { return 3; });
  CHECK(mean_confidence(collapsed, kClasses) == 1.0);
  CHECK(inception_score(collapsed, kClasses) == Approx(1.0));
  CHECK(class_shares(collapsed, kClasses)[3] == 1.0);

  // Entropy of the shares 1/4 and 3/4.
  const Floats uneven = one_hot(8, [](Index i) { return i < 2 ? 0 : 9; });
  CHECK(inception_score(uneven, kClasses) ==
        Approx(std::exp(0.25 * std::log(4.0) + 0.75 * std::log(4.0 / 3.0))));
}

TEST_CASE("sample scores: mean and covariance by hand, each number in its place") {
  const Gaussian gaussian = fit_gaussian(Floats{1, 10, 2, 20, 3, 60}, 2);
  CHECK(gaussian.mean == Doubles{2, 30});
  CHECK(gaussian.covariance == Doubles{1, 25, 25, 700});
}

TEST_CASE("sample scores: Frechet distance of Gaussians that have a closed form") {
  const Gaussian narrow = diagonal({0, 1, 2}, {1, 4, 0.25});
  CHECK(frechet_distance(narrow, narrow) == Approx(0.0));
  CHECK(frechet_distance(narrow, diagonal({3, 1, -2}, {1, 4, 0.25})) == Approx(9.0 + 16.0));
  // Of each axis the difference of the standard deviations, squared.
  const Gaussian wide = diagonal({0, 1, 2}, {9, 4, 1});
  CHECK(frechet_distance(narrow, wide) == Approx(4.0 + 0.25));
  CHECK(frechet_distance(wide, narrow) == Approx(4.0 + 0.25));
  // A point has no spread at all.
  CHECK(frechet_distance(narrow, diagonal({0, 1, 2}, {0, 0, 0})) == Approx(1 + 4 + 0.25));
  // One dimension: (m1 - m2)^2 + (s1 - s2)^2.
  CHECK(frechet_distance({{1}, {9}}, {{3}, {1}}) == Approx(4.0 + 4.0));
}

TEST_CASE("sample scores: Frechet distance of Gaussians that are turned against each other") {
  // Principal axes at 0 and 45 degrees: S1 = diag(4, 1), S2 = [[2.5, 1.5], [1.5, 2.5]].
  // det(S1 S2) = 16, tr(S1 S2) = 12.5, so that (tr of the root)^2 = 12.5 + 2 sqrt(16).
  CHECK(frechet_distance({{0, 0}, {4, 0, 0, 1}}, {{0, 0}, {2.5, 1.5, 1.5, 2.5}}) ==
        Approx(10.0 - 2.0 * std::sqrt(20.5)));
}

TEST_CASE("sample scores: fewer samples than dimensions leave singular covariances") {
  constexpr Index kDimension = 64;
  const Gaussian few = fit_gaussian(random_values(5 * kDimension, 1), kDimension);
  const Gaussian many = fit_gaussian(random_values(500 * kDimension, 2), kDimension);
  CHECK(frechet_distance(few, few) < 1e-5);
  CHECK(frechet_distance(many, many) < 1e-9);
  const double distance = frechet_distance(few, many);
  CHECK(distance > 1.0);
  CHECK(frechet_distance(many, few) == Approx(distance));
}

}  // namespace kernelgarten::test
