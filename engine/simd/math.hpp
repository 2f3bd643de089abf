#pragma once

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::simd {

/// e^x for a pack or a float, within 1.25 ulp wherever the result is a normal number; 0 below -87.33,
/// infinity above 88.72, NaN for NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, so e^x = 2^n e^r. Adding 1.5 * 2^23 rounds to an integer
/// and leaves it in the low bits of the float, which replaces the lane-by-lane conversions that
/// WebAssembly would need. ln 2 is split in two (Cody and Waite); the polynomial is the one of
/// Cephes' expf.
template <class V>
V exp(V x) {
  const V rounder(12582912.0f);
  const V highest(88.72f), lowest(-87.33f);
  // In this order a NaN clamps as well, so that no integer below overflows; `select` restores it.
  const V clamped = minimum(maximum(lowest, x), highest);
  const V shifted = multiply_add(clamped, V(1.44269504088896341f), rounder);
  const V n = shifted - rounder;
  V r = multiply_add(n, V(-0.693359375f), clamped);
  r = multiply_add(n, V(2.12194440e-4f), r);
  V p(1.9875691500e-4f);
  p = multiply_add(p, r, V(1.3981999507e-3f));
  p = multiply_add(p, r, V(8.3334519073e-3f));
  p = multiply_add(p, r, V(4.1665795894e-2f));
  p = multiply_add(p, r, V(1.6666665459e-1f));
  p = multiply_add(p, r, V(5.0000001201e-1f));
  p = multiply_add(p, r * r, r) + V(1.0f);
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

/// 1 / (1 + e^-x) within 2.5 ulp wherever the result is a normal number, computed from e^-|x| so
/// that nothing overflows.
template <class V>
V sigmoid(V x) {
  const V e = simd::exp(V(0.0f) - absolute(x));
  const V small = e / (V(1.0f) + e);
  return select(x < V(0.0f), small, V(1.0f) - small);
}

/// Hyperbolic tangent within 1.5 ulp: an odd polynomial (Cephes' tanhf) near zero, where the
/// difference below would cancel, and 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere.
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
  const V far = V(1.0f) - V(2.0f) / (simd::exp(size + size) + V(1.0f));
  return select(size < V(0.625f), near_zero, select(x < V(0.0f), V(0.0f) - far, far));
}

}  // namespace kernelgarten::simd
