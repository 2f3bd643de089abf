#include "engine/data/real_examples.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {

TEST_CASE("real examples: images go from -1, black, to 1, white") {
  const LabelledImages images{2, 1, 3, {0, 255, 51, 204, 0, 255}, {1, 0}};
  const RealImages real(images.shared());
  CHECK(real.count() == 2);
  CHECK(real.shape() == Shape{1, 3, 1});
  CHECK(real.classes() == images.dataset().classes());
  CHECK(real.label(0) == 1);
  CHECK(real.label(1) == 0);
  Floats pixels = poison(3);
  real.load(pixels.data(), 0);
  CHECK(pixels[0] == -1.0f);
  CHECK(pixels[1] == 1.0f);
  CHECK(pixels[2] == doctest::Approx(-0.6));
  real.load(pixels.data(), 1);
  check_close(pixels, Doubles{0.6, -1, 1}, 1e-6);
}

TEST_CASE("real examples: points") {
  const RealPoints real({1, 2, 3, 4});
  CHECK(real.count() == 2);
  CHECK(real.shape() == Shape{2});
  CHECK(real.classes() == 0);
  Floats point = poison(2);
  real.load(point.data(), 1);
  CHECK(point == Floats{3, 4});
}

TEST_CASE("real examples: points come in pairs of finite numbers") {
  CHECK_THROWS_WITH_AS(RealPoints({}),
                       "[points] expected x and y of at least one point, got 0 numbers",
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(RealPoints({1, 2, 3}),
                       "[points] expected x and y of at least one point, got 3 numbers",
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(RealPoints({1, kNaN}), "[points] expected finite numbers, got nan",
                       InvalidData);
  CHECK_THROWS_WITH_AS(RealPoints({kInfinity, 1}), "[points] expected finite numbers, got inf",
                       InvalidData);
}

}  // namespace kernelgarten::test
