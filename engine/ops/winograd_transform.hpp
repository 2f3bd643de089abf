#pragma once

// Winograd's minimal filtering F(m x m, r x r): an m x m tile of outputs Y of an r x r convolution
// from an (m + r - 1) x (m + r - 1) tile of inputs d and the filter g,
//
//   Y = A^T [(G g G^T) * (B^T d B)] A        (* multiplies element by element)
//
// Because each step is linear, its gradient is its transpose: with dM = A dY A^T,
//   d_d = B [dM * (G g G^T)] B^T   and   d_g = G^T [dM * (B^T d B)] G.
//
// Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015. The matrices
// interpolate polynomials at m + r - 2 points and infinity (Toom and Cook).

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::winograd {

using simd::multiply_add;
using simd::Pack;

/// The matrices of F(m x m, r x r), each as the function x -> M x on one line of a tile.
template <int m, int r>
struct Filtering;

template <int m, int r>
struct FilteringSizes {
  static constexpr int kOutputs = m;
  static constexpr int kTaps = r;
  static constexpr int kSide = m + r - 1;
};

/// Interpolation points 0, 1, -1 and infinity: 2.25 times fewer multiplications than directly.
template <>
struct Filtering<2, 3> : FilteringSizes<2, 3> {
  /// B^T
  static void input(const Pack (&d)[4], Pack (&t)[4]) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[1] - d[3];
  }
  /// B
  static void input_adjoint(const Pack (&t)[4], Pack (&d)[4]) {
    d[0] = t[0];
    d[1] = t[1] - t[2] + t[3];
    d[2] = t[1] + t[2] - t[0];
    d[3] = Pack(0.0f) - t[3];
  }
  /// A^T
  static void output(const Pack (&s)[4], Pack (&y)[2]) {
    y[0] = s[0] + s[1] + s[2];
    y[1] = s[1] - s[2] - s[3];
  }
  /// A
  static void output_adjoint(const Pack (&y)[2], Pack (&s)[4]) {
    s[0] = y[0];
    s[1] = y[0] + y[1];
    s[2] = y[0] - y[1];
    s[3] = Pack(0.0f) - y[1];
  }
  /// G
  static void filter(const Pack (&g)[3], Pack (&u)[4]) {
    const Pack half(0.5f);
    const Pack ends = (g[0] + g[2]) * half;
    const Pack middle = g[1] * half;
    u[0] = g[0];
    u[1] = ends + middle;
    u[2] = ends - middle;
    u[3] = g[2];
  }
  /// G^T
  static void filter_adjoint(const Pack (&u)[4], Pack (&g)[3]) {
    const Pack half(0.5f);
    const Pack sum = (u[1] + u[2]) * half;
    g[0] = u[0] + sum;
    g[1] = (u[1] - u[2]) * half;
    g[2] = sum + u[3];
  }
};

/// Interpolation points 0, 1, -1, 2, -2 and infinity: 4 times fewer multiplications than directly.
template <>
struct Filtering<4, 3> : FilteringSizes<4, 3> {
  static void input(const Pack (&d)[6], Pack (&t)[6]) {
    const Pack two(2.0f), four(4.0f), five(-5.0f), minus_four(-4.0f);
    const Pack even = multiply_add(minus_four, d[2], d[4]);
    const Pack odd = multiply_add(minus_four, d[1], d[3]);
    const Pack even2 = d[4] - d[2];
    const Pack odd2 = (d[3] - d[1]) * two;
    t[0] = multiply_add(four, d[0], multiply_add(five, d[2], d[4]));
    t[1] = even + odd;
    t[2] = even - odd;
    t[3] = even2 + odd2;
    t[4] = even2 - odd2;
    t[5] = multiply_add(four, d[1], multiply_add(five, d[3], d[5]));
  }
  static void input_adjoint(const Pack (&t)[6], Pack (&d)[6]) {
    const Pack two(2.0f), four(4.0f), five(-5.0f), minus_four(-4.0f);
    const Pack sum1 = t[1] + t[2], difference1 = t[1] - t[2];
    const Pack sum2 = t[3] + t[4], difference2 = (t[3] - t[4]) * two;
    d[0] = four * t[0];
    d[1] = multiply_add(four, t[5] - difference1, Pack(0.0f) - difference2);
    d[2] = multiply_add(five, t[0], multiply_add(minus_four, sum1, Pack(0.0f) - sum2));
    d[3] = multiply_add(five, t[5], difference1 + difference2);
    d[4] = t[0] + sum1 + sum2;
    d[5] = t[5];
  }
  static void output(const Pack (&s)[6], Pack (&y)[4]) {
    const Pack two(2.0f), four(4.0f), eight(8.0f);
    const Pack sum1 = s[1] + s[2], difference1 = s[1] - s[2];
    const Pack sum2 = s[3] + s[4], difference2 = s[3] - s[4];
    y[0] = s[0] + sum1 + sum2;
    y[1] = multiply_add(two, difference2, difference1);
    y[2] = multiply_add(four, sum2, sum1);
    y[3] = multiply_add(eight, difference2, difference1) + s[5];
  }
  static void output_adjoint(const Pack (&y)[4], Pack (&s)[6]) {
    const Pack two(2.0f), four(4.0f), eight(8.0f);
    const Pack even1 = y[0] + y[2], odd1 = y[1] + y[3];
    const Pack even2 = multiply_add(four, y[2], y[0]);
    const Pack odd2 = multiply_add(eight, y[3], two * y[1]);
    s[0] = y[0];
    s[1] = even1 + odd1;
    s[2] = even1 - odd1;
    s[3] = even2 + odd2;
    s[4] = even2 - odd2;
    s[5] = y[3];
  }
  static void filter(const Pack (&g)[3], Pack (&u)[6]) {
    const Pack sixth(-1.0f / 6.0f);
    const Pack ends1 = (g[0] + g[2]) * sixth;
    const Pack middle1 = g[1] * sixth;
    const Pack ends2 = multiply_add(g[0], Pack(1.0f / 24.0f), g[2] * Pack(1.0f / 6.0f));
    const Pack middle2 = g[1] * Pack(1.0f / 12.0f);
    u[0] = g[0] * Pack(0.25f);
    u[1] = ends1 + middle1;
    u[2] = ends1 - middle1;
    u[3] = ends2 + middle2;
    u[4] = ends2 - middle2;
    u[5] = g[2];
  }
  static void filter_adjoint(const Pack (&u)[6], Pack (&g)[3]) {
    const Pack sixth(1.0f / 6.0f);
    const Pack sum1 = (u[1] + u[2]) * sixth, difference1 = (u[1] - u[2]) * sixth;
    const Pack sum2 = u[3] + u[4], difference2 = u[3] - u[4];
    g[0] =
        multiply_add(u[0], Pack(0.25f), multiply_add(sum2, Pack(1.0f / 24.0f), Pack(0.0f) - sum1));
    g[1] = multiply_add(difference2, Pack(1.0f / 12.0f), Pack(0.0f) - difference1);
    g[2] = multiply_add(sum2, sixth, u[5] - sum1);
  }
};

/// Interpolation points 0, 1, -1, 2 and infinity: 2.56 times fewer multiplications than directly.
template <>
struct Filtering<4, 2> : FilteringSizes<4, 2> {
  static void input(const Pack (&d)[5], Pack (&t)[5]) {
    const Pack two(2.0f), three(3.0f), minus_two(-2.0f);
    const Pack odd = d[3] - d[1];
    t[0] = multiply_add(two, d[0] - d[2], odd);
    t[1] = odd - d[1] - d[2];
    t[2] = multiply_add(three, d[1] - d[2], odd);
    t[3] = odd;
    t[4] = multiply_add(minus_two, odd, d[4] - d[2]);
  }
  static void input_adjoint(const Pack (&t)[5], Pack (&d)[5]) {
    const Pack two(2.0f), three(3.0f), minus_two(-2.0f);
    const Pack odd = multiply_add(minus_two, t[4], t[0] + t[1] + t[2] + t[3]);
    const Pack three_t2 = three * t[2];
    d[0] = two * t[0];
    d[1] = three_t2 - t[1] - odd;
    d[2] = multiply_add(minus_two, t[0], Pack(0.0f) - three_t2) - t[1] - t[4];
    d[3] = odd;
    d[4] = t[4];
  }
  static void output(const Pack (&s)[5], Pack (&y)[4]) {
    const Pack two(2.0f), four(4.0f), eight(8.0f);
    const Pack sum = s[1] + s[2], difference = s[1] - s[2];
    y[0] = s[0] + sum + s[3];
    y[1] = multiply_add(two, s[3], difference);
    y[2] = multiply_add(four, s[3], sum);
    y[3] = multiply_add(eight, s[3], difference) + s[4];
  }
  static void output_adjoint(const Pack (&y)[4], Pack (&s)[5]) {
    const Pack two(2.0f), four(4.0f);
    const Pack even = y[0] + y[2], odd = y[1] + y[3];
    s[0] = y[0];
    s[1] = even + odd;
    s[2] = even - odd;
    s[3] = multiply_add(two, multiply_add(four, y[3], y[1]), multiply_add(four, y[2], y[0]));
    s[4] = y[3];
  }
  static void filter(const Pack (&g)[2], Pack (&u)[5]) {
    const Pack half(0.5f), sixth(1.0f / 6.0f), third(1.0f / 3.0f);
    u[0] = g[0] * half;
    u[1] = (g[0] + g[1]) * Pack(-0.5f);
    u[2] = (g[1] - g[0]) * sixth;
    u[3] = multiply_add(g[1], third, g[0] * sixth);
    u[4] = g[1];
  }
  static void filter_adjoint(const Pack (&u)[5], Pack (&g)[2]) {
    const Pack half(0.5f), sixth(1.0f / 6.0f), third(1.0f / 3.0f);
    g[0] = multiply_add(half, u[0] - u[1], sixth * (u[3] - u[2]));
    g[1] = multiply_add(third, u[3], multiply_add(sixth, u[2], u[4] - half * u[1]));
  }
};

/// store(i, j, (M x M^T)[i, j]) for the tile x[i, j] = load(i, j) and the matrix M that `line`
/// multiplies with. Both loops are unrolled, so that one line is held in registers.
template <int In, int Out, class Line, class Load, class Store>
inline void transform_tile(Line line, Load load, Store store) {
  Pack half[Out][In];
  for (int j = 0; j < In; ++j) {
    Pack column[In], turned[Out];
#pragma GCC unroll 8
    for (int i = 0; i < In; ++i) column[i] = load(i, j);
    line(column, turned);
#pragma GCC unroll 8
    for (int i = 0; i < Out; ++i) half[i][j] = turned[i];
  }
  for (int i = 0; i < Out; ++i) {
    Pack turned[Out];
    line(half[i], turned);
#pragma GCC unroll 8
    for (int j = 0; j < Out; ++j) store(i, j, turned[j]);
  }
}

}  // namespace kernelgarten::winograd
