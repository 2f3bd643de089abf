#include "bindings/measure.hpp"

#include "bindings/measure_support.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/optim/optimizer.hpp"
#include "engine/simd/lane_pack.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {

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

double gemm_gflops(int m, int n, int k, const std::string& transposed, double milliseconds) {
  check(m >= 1 && n >= 1 && k >= 1, "[gemm] sizes must be at least 1, got ", m, ", ", n, ", ", k);
  check(transposed == "a" || transposed == "b" || transposed == "none",
        "[gemm] transposed must be a, b or none, got ", transposed);
  const auto a = filled(Index{m} * k), b = filled(Index{k} * n);
  AlignedBuffer<float> c(Index{m} * n);
  AlignedBuffer<float> scratch(gemm_scratch_size(n, k));
  const MatrixView a_view =
      transposed == "a" ? row_major(a.data(), m).transposed() : row_major(a.data(), k);
  const MatrixView b_view =
      transposed == "b" ? row_major(b.data(), k).transposed() : row_major(b.data(), n);
  return gflops(2.0 * m * n * k, milliseconds, [&] {
    gemm(c.data(), n, a_view, b_view, m, n, k, GemmInit::kZero, Scratch(scratch.data()));
  });
}

double adam_rate(int parameters, double milliseconds) {
  check(parameters >= 1, "[adam] parameters must be at least 1, got ", parameters);
  auto values = filled(parameters);
  const auto gradient = filled(parameters);
  const auto adam = make_optimizer({.type = OptimizerType::kAdam}, parameters);
  return parameters *
         runs_per_second(milliseconds, [&] { adam->step(values.span(), gradient.span()); });
}

}  // namespace kernelgarten::bindings
