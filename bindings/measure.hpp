#pragma once

// What the benchmarks measure apart from training: one thread each, GFLOP/s where nothing else is
// said. Call repeatedly and briefly: V8 replaces the first, slow code of a function between calls.

#include <string>
#include <vector>

namespace kernelgarten::bindings {

/// Billions of floating-point operations a second of nothing but independent multiply-adds in
/// registers: the ceiling that every benchmark is shown beside.
double measure_peak_gflops(double milliseconds);

/// C [m, n] = A [m, k] B [k, n]; `transposed` names the factor that is stored as its transpose:
/// "a", "b" or "none".
double gemm_gflops(int m, int n, int k, const std::string& transposed, double milliseconds);

/// Square images through a convolution, or a transposed one, with padding `same`.
struct ConvShape {
  int batch, size, kernel, stride, in_channels, out_channels;
};

/// Names of the methods that can compute it, first the one that the engine chooses.
std::vector<std::string> conv_methods(const ConvShape& shape);

/// One method; `pass` is "forward", "backward", or "weight_gradient": backward without the gradient
/// of the input, as in a first layer. Operations are those of the direct sums, whatever the method.
double conv_gflops(const ConvShape& shape, const std::string& method, const std::string& pass,
                   double milliseconds);

/// A transposed convolution; `pass` is "forward" or "backward".
double conv_transpose_gflops(const ConvShape& shape, const std::string& pass, double milliseconds);

/// Parameters a second that a step of Adam moves.
double adam_rate(int parameters, double milliseconds);

}  // namespace kernelgarten::bindings
