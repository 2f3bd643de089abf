#pragma once

#include <algorithm>

#include "engine/parallel/thread_pool.hpp"
#include "engine/tensor/range.hpp"

namespace kernelgarten {

/// Elements of a long row that one task takes: 32 kB of floats, so that several passes over them
/// find them in the cache, and the row's start keeps its alignment.
inline constexpr Index kRangeSize = 1 << 13;

/// Calls task(index, range) for part_count(count, kRangeSize) ranges that cover a row of `count`
/// elements. They are the same for any number of threads.
template <class F>
void for_each_range(ThreadPool& pool, Index count, const F& task) {
  pool.run(part_count(count, kRangeSize), [&](Index index, int) {
    const Index begin = index * kRangeSize;
    task(index, Range{begin, std::min(begin + kRangeSize, count)});
  });
}

}  // namespace kernelgarten
