#pragma once

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::simd {

/// e^(x - n ln 2) for a remainder of at most ln 2 / 2: ln 2 is split in two (Cody and Waite); the
/// polynomial is the one of Cephes' expf.
template <class V>
V exp_of_remainder(V x, V n) {
  V r = multiply_add(n, V(-0.693359375f), x);
  r = multiply_add(n, V(2.12194440e-4f), r);
  V p(1.9875691500e-4f);
  p = multiply_add(p, r, V(1.3981999507e-3f));
  p = multiply_add(p, r, V(8.3334519073e-3f));
  p = multiply_add(p, r, V(4.1665795894e-2f));
  p = multiply_add(p, r, V(1.6666665459e-1f));
  p = multiply_add(p, r, V(5.0000001201e-1f));
  return multiply_add(p, r * r, r) + V(1.0f);
}

/// e^x for a pack or a float, within 1.25 ulp wherever the result is a normal number; 0 below
/// -87.33, infinity above 88.72, NaN for NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, so e^x = 2^n e^r. Adding 1.5 * 2^23 rounds to an integer
/// and leaves it in the low bits of the float, which replaces the lane-by-lane conversions that
/// WebAssembly would need.
template <class V>
V exp(V x) {
  const V rounder(12582912.0f);
  const V highest(88.72f), lowest(-87.33f);
  // In this order a NaN clamps as well, so that no integer below overflows; `select` restores it.
  const V clamped = minimum(maximum(lowest, x), highest);
  const V shifted = multiply_add(clamped, V(1.44269504088896341f), rounder);
  const V n = shifted - rounder;
  const V p = exp_of_remainder(clamped, n);
  // 2^n in two factors, because n reaches 128, which one exponent field cannot hold. The bits of
  // `shifted` end in n; half of n is taken on the float side.
  const V half = multiply_add(n, V(0.5f), rounder);
  const V n0 = half - rounder;
  const V rest = (n - n0) + rounder;
  const auto one = as_bits(V(1.0f));
  const V scale0 = as_floats(shift_left(as_bits(half), 23) + one);
  const V scale1 = as_floats(shift_left(as_bits(rest), 23) + one);
  V y = p * scale0 * scale1;
  y = select(x < lowest, V(0.0f), y);
  y = select(x > highest, V(HUGE_VALF), y);
  return select(x == x, y, x);
}

/// The same for x from 0 down, NaN aside: the power of two fits into one factor, nothing overflows.
template <class V>
V exp_of_negative(V x) {
  const V rounder(12582912.0f);
  const V lowest(-87.33f);
  const V clamped = maximum(lowest, x);
  const V shifted = multiply_add(clamped, V(1.44269504088896341f), rounder);
  const V n = shifted - rounder;
  const V scale = as_floats(shift_left(as_bits(shifted), 23) + as_bits(V(1.0f)));
  return select(x < lowest, V(0.0f), exp_of_remainder(clamped, n) * scale);
}

/// 1 / (1 + e^-x) within 2.5 ulp wherever the result is a normal number, computed from e^-|x| so
/// that nothing overflows.
template <class V>
V sigmoid(V x) {
  const V e = exp_of_negative(V(0.0f) - absolute(x));
  const V large = V(1.0f) / (V(1.0f) + e);
  const V y = select(x < V(0.0f), e * large, large);
  return select(x == x, y, x);
}

/// Hyperbolic tangent within 2 ulp: an odd polynomial (Cephes' tanhf) near zero, where the
/// difference below would cancel, and (1 - e) / (1 + e) with e = e^-2|x| and the sign of x
/// elsewhere.
template <class V>
V tanh(V x) {
  const V size = absolute(x);
  const V square = x * x;
  V p(-5.70498872745e-3f);
  p = multiply_add(p, square, V(2.06390887954e-2f));
  p = multiply_add(p, square, V(-5.37397155531e-2f));
  p = multiply_add(p, square, V(1.33314422036e-1f));
  p = multiply_add(p, square, V(-3.33332819422e-1f));
  const V near_zero = multiply_add(p * square, x, x);
  const V e = exp_of_negative(V(0.0f) - (size + size));
  const V far = (V(1.0f) - e) / (V(1.0f) + e);
  return select(size >= V(0.625f), select(x < V(0.0f), V(0.0f) - far, far), near_zero);
}

}  // namespace kernelgarten::simd
