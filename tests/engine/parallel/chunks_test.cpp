#include "engine/parallel/chunks.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace kernelgarten::test {
namespace {

using Parts = std::vector<std::pair<Index, Index>>;

Parts parts_of(Index count, Index chunk) {
  Parts parts;
  for_each_chunk(count, chunk, [&](Index begin, Index end) { parts.emplace_back(begin, end); });
  return parts;
}

}  // namespace

TEST_CASE("chunks: consecutive, complete, in order") {
  CHECK(parts_of(0, 4).empty());
  CHECK(parts_of(3, 4) == Parts{{0, 3}});
  CHECK(parts_of(8, 4) == Parts{{0, 4}, {4, 8}});
  CHECK(parts_of(9, 4) == Parts{{0, 4}, {4, 8}, {8, 9}});
}

}  // namespace kernelgarten::test
