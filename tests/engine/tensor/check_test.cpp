#include "engine/tensor/check.hpp"

#include <doctest/doctest.h>

namespace kernelgarten::test {

TEST_CASE("check: joins its parts into the message, and only when it fails") {
  CHECK(concat("[conv2d] expected ", 3, " channels, got ", 1.5) ==
        "[conv2d] expected 3 channels, got 1.5");
  CHECK_NOTHROW(check(true, "unused"));
  CHECK_THROWS_WITH_AS(check(false, "[dense] expected ", 4, ", got ", 5),
                       "[dense] expected 4, got 5", InvalidArgument);
  CHECK_THROWS_AS(check<InvalidData>(false, "labels"), InvalidData);
  CHECK_THROWS_AS(check<NonFinite>(false, "loss"), NonFinite);
}

TEST_CASE("check: wrong arguments and wrong data are std::invalid_argument") {
  CHECK_THROWS_AS(throw InvalidArgument("x"), std::invalid_argument);
  CHECK_THROWS_AS(throw InvalidData("x"), std::invalid_argument);
}

}  // namespace kernelgarten::test
