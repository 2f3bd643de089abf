#pragma once

namespace kernelgarten::bindings {

/// Billions of floating-point operations a second of one thread doing nothing but independent
/// multiply-adds in registers: the ceiling that every benchmark is shown beside.
double measure_peak_gflops(double milliseconds);

/// The same for C [m, n] = A [m, k] B [k, n].
double gemm_gflops(int m, int n, int k, double milliseconds);

}  // namespace kernelgarten::bindings
