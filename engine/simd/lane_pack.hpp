#pragma once

// The engine's only door to xsimd: one vector register of floats, and the few functions that
// functors call on a pack or on a single float alike.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "engine/tensor/shape.hpp"

namespace kernelgarten::simd {

using Pack = xsimd::batch<float>;
using IntPack = xsimd::batch<std::int32_t>;
inline constexpr Index kLanes = static_cast<Index>(Pack::size);

inline Pack load(const float* from) { return Pack::load_unaligned(from); }
inline void store(float* to, Pack value) { value.store_unaligned(to); }
inline void store(float* to, float value) { *to = value; }
inline void store(std::int32_t* to, IntPack value) { value.store_unaligned(to); }
inline void store(std::int32_t* to, std::int32_t value) { *to = value; }
inline Pack splat(float value) { return Pack(value); }

/// A pack or a single number, as the loop at hand has it.
template <class V, class T>
V load_as(const T* from) {
  if constexpr (std::is_same_v<V, T>) {
    return *from;
  } else {
    return V::load_unaligned(from);
  }
}

/// The first `count` of a pack's numbers, from 1 to all; the others are zero, or are not written.
inline Pack load_first(const float* from, Index count) {
  if (count == kLanes) return load(from);
  float all[kLanes] = {};
  std::copy_n(from, count, all);
  return load(all);
}
inline void store_first(float* to, Pack value, Index count) {
  if (count == kLanes) {
    store(to, value);
    return;
  }
  float all[kLanes];
  store(all, value);
  std::copy_n(all, count, to);
}

/// a * b + c. Every build rounds the product and the sum separately unless its instruction set
/// fuses them; relaxed SIMD leaves that to the machine it runs on.
inline Pack multiply_add(Pack a, Pack b, Pack c) {
#if defined(__wasm_relaxed_simd__)
  return Pack(wasm_f32x4_relaxed_madd(a, b, c));
#else
  return xsimd::fma(a, b, c);
#endif
}
inline float multiply_add(float a, float b, float c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

inline Pack select(Pack::batch_bool_type mask, Pack yes, Pack no) {
  return xsimd::select(mask, yes, no);
}
inline float select(bool mask, float yes, float no) { return mask ? yes : no; }

inline IntPack select(Pack::batch_bool_type mask, IntPack yes, IntPack no) {
  return xsimd::select(xsimd::batch_bool_cast<std::int32_t>(mask), yes, no);
}
inline std::int32_t select(bool mask, std::int32_t yes, std::int32_t no) { return mask ? yes : no; }
inline Pack::batch_bool_type equal(IntPack a, IntPack b) {
  return xsimd::batch_bool_cast<float>(a == b);
}
inline bool equal(std::int32_t a, std::int32_t b) { return a == b; }

inline Pack maximum(Pack a, Pack b) { return xsimd::max(a, b); }
inline float maximum(float a, float b) { return a < b ? b : a; }
inline Pack minimum(Pack a, Pack b) { return xsimd::min(a, b); }
inline float minimum(float a, float b) { return b < a ? b : a; }

inline Pack absolute(Pack x) { return xsimd::abs(x); }
inline float absolute(float x) { return std::fabs(x); }
inline Pack square_root(Pack x) { return xsimd::sqrt(x); }
inline float square_root(float x) { return std::sqrt(x); }

inline float sum_lanes(Pack x) { return xsimd::reduce_add(x); }
inline float max_lanes(Pack x) { return xsimd::reduce_max(x); }

inline IntPack as_bits(Pack x) { return xsimd::bitwise_cast<std::int32_t>(x); }
inline std::int32_t as_bits(float x) { return std::bit_cast<std::int32_t>(x); }
inline Pack as_floats(IntPack x) { return xsimd::bitwise_cast<float>(x); }
inline float as_floats(std::int32_t x) { return std::bit_cast<float>(x); }
inline IntPack shift_left(IntPack x, int bits) { return x << bits; }
inline std::int32_t shift_left(std::int32_t x, int bits) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << bits);
}

}  // namespace kernelgarten::simd
