#pragma once

#include <string_view>

namespace kernelgarten::bench {

/// How fast the engine does one kind of work, measured for about so long after a warm-up: GFLOP/s
/// for "peak" and "gemm.N", images/s for "cnn.train" and "cnn.infer". Throws InvalidArgument for
/// any other name.
double measure(std::string_view work, int threads, double milliseconds);

}  // namespace kernelgarten::bench
