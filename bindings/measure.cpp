#include "bindings/measure.hpp"

#include <chrono>
#include <vector>

#include "engine/ops/gemm.hpp"
#include "engine/simd/lane_pack.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {
namespace {

/// Repeats `work` until the time is over; operations per call over the mean time of a call.
template <class Work>
double gflops(double operations, double milliseconds, Work work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double seconds = 0.0, calls = 0.0;
  do {
    work();
    ++calls;
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (seconds * 1000.0 < milliseconds);
  return operations * calls / seconds / 1e9;
}

}  // namespace

double measure_peak_gflops(double milliseconds) {
  // Fewer leave the units waiting for their own results, more do not fit into the registers beside
  // factor, term and product (bench/README.md).
#if defined(__wasm__)
  constexpr int kChains = 12;
#else
  constexpr int kChains = 13;
#endif
  constexpr int kRounds = 100000;
  const simd::Pack factor(0.999999f), term(1e-6f);
  simd::Pack chains[kChains];
  for (int i = 0; i < kChains; ++i) chains[i] = simd::splat(static_cast<float>(i));
  float sink = 0.0f;
  const double operations = 2.0 * kChains * kRounds * static_cast<double>(simd::kLanes);
  const double result = gflops(operations, milliseconds, [&] {
    for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 16
      for (auto& chain : chains) chain = simd::multiply_add(chain, factor, term);
    }
    for (const auto& chain : chains) sink += simd::sum_lanes(chain);
  });
  check(sink == sink, "[peak] the chains diverged");
  return result;
}

double gemm_gflops(int m, int n, int k, double milliseconds) {
  check(m >= 1 && n >= 1 && k >= 1, "[gemm] sizes must be at least 1, got ", m, ", ", n, ", ", k);
  std::vector<float> a(static_cast<std::size_t>(m) * k, 0.5f),
      b(static_cast<std::size_t>(k) * n, 0.25f);
  std::vector<float> c(static_cast<std::size_t>(m) * n);
  AlignedBuffer<float> scratch(gemm_scratch_size(n, k));
  return gflops(2.0 * m * n * k, milliseconds, [&] {
    gemm(c.data(), n, row_major(a.data(), k), row_major(b.data(), n), m, n, k, GemmInit::kZero,
         Scratch(scratch.data()));
  });
}

}  // namespace kernelgarten::bindings
