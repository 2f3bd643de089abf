#pragma once

// The ways to compute a convolution, or its transpose: each is held against the plain version.

#include "engine/ops/conv2d.hpp"
#include "tests/engine/gradient_check.hpp"

namespace kernelgarten::test {

inline constexpr Conv2dMethod kMethods[] = {Conv2dMethod::kIm2col, Conv2dMethod::kDirect,
                                            Conv2dMethod::kWinograd2, Conv2dMethod::kWinograd4};

/// Largest error of one output, input or weight gradient that a method may make, relative to the
/// largest of them (or to 1): that of a float sum, and what Winograd's transforms lose.
inline double tolerance(Conv2dMethod method) {
  switch (method) {
    case Conv2dMethod::kWinograd2:
      return 2e-5;
    case Conv2dMethod::kWinograd4:
      return 6e-5;
    default:
      return 1e-5;
  }
}

/// check(op) with op.method every method that can compute the convolution `conv`.
template <class Op, class Check>
void with_every_method(Op op, const Conv2dParams& conv, Check check) {
  for (const Conv2dMethod method : kMethods) {
    if (!applies(method, conv)) continue;
    CAPTURE(static_cast<int>(method));
    op.method = method;
    check(op);
  }
}

/// Relative to the largest of the expected numbers, or to 1.
inline void check_relative(const Floats& actual, const Doubles& expected, double limit) {
  double scale = 1.0;
  for (const double value : expected) scale = std::max(scale, std::fabs(value));
  check_close(actual, expected, limit * scale);
}

}  // namespace kernelgarten::test
