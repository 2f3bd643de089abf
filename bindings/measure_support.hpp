#pragma once

#include <algorithm>
#include <chrono>

#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten::bindings {

/// Numbers to compute with.
inline AlignedBuffer<float> filled(Index count) {
  AlignedBuffer<float> buffer(count);
  std::ranges::fill(buffer.span(), 0.01f);
  return buffer;
}

/// Repeats `work` until the time is over, at least once; how often a second it ran.
template <class Work>
double runs_per_second(double milliseconds, Work work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double seconds = 0.0, runs = 0.0;
  do {
    work();
    ++runs;
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (seconds * 1000.0 < milliseconds);
  return runs / seconds;
}

/// Billions of operations a second, when one run of `work` takes so many.
template <class Work>
double gflops(double operations, double milliseconds, Work work) {
  return operations * runs_per_second(milliseconds, work) / 1e9;
}

}  // namespace kernelgarten::bindings
