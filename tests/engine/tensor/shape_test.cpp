#include "engine/tensor/shape.hpp"

#include <doctest/doctest.h>

namespace kernelgarten::test {

TEST_CASE("shape: number of elements") {
  CHECK(element_count({}) == 1);
  CHECK(element_count({7}) == 7);
  CHECK(element_count({28, 28, 3}) == 2352);
  CHECK(element_count({28, 0, 3}) == 0);
}

TEST_CASE("shape: text") {
  CHECK(to_string(Shape{}).empty());
  CHECK(to_string({10}) == "10");
  CHECK(to_string({28, 28, 1}) == "28 x 28 x 1");
}

}  // namespace kernelgarten::test
