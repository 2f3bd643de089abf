#pragma once

#include <algorithm>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Neighbouring elements of a row, `end` not included.
struct Range {
  Index begin;
  Index end;

  Index count() const { return end - begin; }
};

/// The `index`-th of `parts` parts of a range, in order. Their sizes differ by at most one, the
/// larger ones come first; where there are more parts than elements the last ones are empty.
inline Range part_of(Range whole, Index parts, Index index) {
  const Index size = whole.count() / parts, larger = whole.count() % parts;
  const auto start = [&](Index i) { return whole.begin + i * size + std::min(i, larger); };
  return {start(index), start(index + 1)};
}

/// How many parts of at most `size` elements hold `count` of them.
constexpr Index part_count(Index count, Index size) { return (count + size - 1) / size; }

}  // namespace kernelgarten
