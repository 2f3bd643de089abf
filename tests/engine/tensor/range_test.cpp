#include "engine/tensor/range.hpp"

#include <doctest/doctest.h>

namespace kernelgarten::test {

TEST_CASE("range: the parts follow each other, cover the whole and are even") {
  for (const Range whole : {Range{0, 0}, Range{0, 1}, Range{3, 10}, Range{0, 128}, Range{5, 104}}) {
    for (const Index parts : {1, 2, 3, 8}) {
      Index next = whole.begin;
      for (Index i = 0; i < parts; ++i) {
        const Range part = part_of(whole, parts, i);
        CHECK(part.begin == next);
        CHECK(part.count() >= whole.count() / parts);
        CHECK(part.count() <= part_count(whole.count(), parts));
        next = part.end;
      }
      CHECK(next == whole.end);
    }
  }
}

TEST_CASE("range: how many parts hold a number of elements") {
  CHECK(part_count(0, 4) == 0);
  CHECK(part_count(1, 4) == 1);
  CHECK(part_count(4, 4) == 1);
  CHECK(part_count(5, 4) == 2);
}

}  // namespace kernelgarten::test
