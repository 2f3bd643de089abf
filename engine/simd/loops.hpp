#pragma once

// Element-wise loops. A functor is written once for `Pack` and `float`; these functions own the
// main loop over full packs and the tail. `out` may be one of the inputs.

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten::simd {

/// out[i] = f(a[i])
template <class F>
void map(float* out, const float* a, Index count, F f) {
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, f(load(a + i)));
  for (; i < count; ++i) out[i] = f(a[i]);
}

/// out[i] = a[i]. What std::copy_n calls moves four bytes at a time in WebAssembly, and without
/// threads asks JavaScript from 512 bytes on.
inline void copy(float* out, const float* a, Index count) {
  map(out, a, count, [](auto x) { return x; });
}

/// out[i] = f(a[i], b[i])
template <class F>
void zip(float* out, const float* a, const float* b, Index count, F f) {
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, f(load(a + i), load(b + i)));
  for (; i < count; ++i) out[i] = f(a[i], b[i]);
}

/// out[i] = f(a[i], b[i], c[i])
template <class F>
void zip(float* out, const float* a, const float* b, const float* c, Index count, F f) {
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    store(out + i, f(load(a + i), load(b + i), load(c + i)));
  }
  for (; i < count; ++i) out[i] = f(a[i], b[i], c[i]);
}

/// out[i] = f(a[i], b[i], c[i], d[i])
template <class F>
void zip(float* out, const float* a, const float* b, const float* c, const float* d, Index count,
         F f) {
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    store(out + i, f(load(a + i), load(b + i), load(c + i), load(d + i)));
  }
  for (; i < count; ++i) out[i] = f(a[i], b[i], c[i], d[i]);
}

/// Sum of f(a[i]). The order of additions depends only on `count` and the number of lanes.
template <class F>
float reduce_sum(const float* a, Index count, F f) {
  Pack sum0(0.0f), sum1(0.0f);
  Index i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    sum0 += f(load(a + i));
    sum1 += f(load(a + i + kLanes));
  }
  float total = sum_lanes(sum0 + sum1);
  for (; i < count; ++i) total += f(a[i]);
  return total;
}

/// Largest a[i]; `count` is at least 1.
inline float reduce_max(const float* a, Index count) {
  Index i = 0;
  float largest = a[0];
  if (count >= kLanes) {
    Pack packs = load(a);
    for (i = kLanes; i + kLanes <= count; i += kLanes) packs = maximum(packs, load(a + i));
    largest = max_lanes(packs);
  }
  for (; i < count; ++i) largest = maximum(largest, a[i]);
  return largest;
}

}  // namespace kernelgarten::simd
