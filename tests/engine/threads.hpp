#pragma once

#include <array>

#include "engine/parallel/thread_pool.hpp"

namespace kernelgarten::test {

/// The numbers of threads that must all give the same.
inline constexpr std::array kThreadCounts{1, 2, 3, 4, 8};

/// A pool of the caller alone.
inline ThreadPool& one_thread() {
  static ThreadPool pool(1);
  return pool;
}

}  // namespace kernelgarten::test
