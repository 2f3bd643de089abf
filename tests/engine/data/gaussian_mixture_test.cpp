#include "engine/data/gaussian_mixture.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {

TEST_CASE("gaussian_mixture: points lie around their centres as the spread says") {
  const Floats centres{-3, 1, 3, -1};
  const Floats points = gaussian_mixture(centres, 0.25, 4000, 1);
  REQUIRE(points.size() == 8000);
  double sum = 0.0, squares = 0.0;
  int right = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) {
    const float side = points[i] > 0.0f ? 1.0f : -1.0f;
    const double dx = static_cast<double>(points[i] - 3.0f * side);
    const double dy = static_cast<double>(points[i + 1] + side);
    right += side > 0.0f ? 1 : 0;
    sum += dx + dy;
    squares += dx * dx + dy * dy;
  }
  CHECK(right / 4000.0 == doctest::Approx(0.5).epsilon(0.05));
  CHECK(std::fabs(sum / 8000.0) < 0.01);
  CHECK(std::sqrt(squares / 8000.0) == doctest::Approx(0.25).epsilon(0.03));
}

TEST_CASE("gaussian_mixture: the seed names the points, and more of them begin alike") {
  const Floats centres{0, 0};
  const Floats few = gaussian_mixture(centres, 1.0, 5, 7);
  const Floats many = gaussian_mixture(centres, 1.0, 9, 7);
  CHECK(Floats(many.begin(), many.begin() + 10) == few);
  CHECK(gaussian_mixture(centres, 1.0, 5, 8) != few);
  CHECK(gaussian_mixture(Floats{2, 3}, 0.0, 1, 1) == Floats{2, 3});
}

TEST_CASE("gaussian_mixture: what is no place or no number of points is refused") {
  const auto message = [](const Floats& centres, double spread, Index count) {
    return message_of<InvalidArgument>([&] { gaussian_mixture(centres, spread, count, 1); });
  };
  CHECK(message({}, 1.0, 1) == "[points] expected x and y of at least one centre, got 0 numbers");
  CHECK(message({1, 2, 3}, 1.0, 1) ==
        "[points] expected x and y of at least one centre, got 3 numbers");
  CHECK(message({1, kNaN}, 1.0, 1) == "[points] expected finite centres");
  CHECK(message({1, 2}, -1.0, 1) == "[points] spread must be 0 or a positive number, got -1");
  CHECK(message({1, 2}, 1.0, 0) == "[points] expected 1 to 4194304 points, got 0");
}

}  // namespace kernelgarten::test
