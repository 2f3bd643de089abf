#pragma once

#include <algorithm>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Calls work(begin, end) for consecutive parts of 0 .. count, each `chunk` long but the last. The
/// partition depends on nothing but `count` and `chunk`, and sums that cross chunks are added in
/// the order of the chunks, so results do not depend on who runs them.
template <class Work>
void for_each_chunk(Index count, Index chunk, Work work) {
  for (Index begin = 0; begin < count; begin += chunk) work(begin, std::min(begin + chunk, count));
}

}  // namespace kernelgarten
