#pragma once

// The engine's only door to xsimd: one vector register of floats, and the few functions that
// functors call on a pack or on a single float alike.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <xsimd/xsimd.hpp>

#include "engine/tensor/shape.hpp"

namespace kernelgarten::simd {

using Pack = xsimd::batch<float>;
using IntPack = xsimd::batch<std::int32_t>;
inline constexpr Index kLanes = static_cast<Index>(Pack::size);

inline Pack load(const float* from) { return Pack::load_unaligned(from); }
inline void store(float* to, Pack value) { value.store_unaligned(to); }
inline Pack splat(float value) { return Pack(value); }

/// How a loop over full packs reads and writes.
struct AllLanes {
  template <class T>
  xsimd::batch<T> load(const T* from) const {
    return xsimd::batch<T>::load_unaligned(from);
  }
  template <class T>
  void store(T* to, xsimd::batch<T> value) const {
    value.store_unaligned(to);
  }
};

/// How it reads and writes the rest at its end: the first `count` of a pack's numbers; the others
/// are zero, or are not written.
struct FirstLanes {
  Index count;

  template <class T>
  xsimd::batch<T> load(const T* from) const {
    T all[kLanes] = {};
    std::copy_n(from, count, all);
    return xsimd::batch<T>::load_unaligned(all);
  }
  template <class T>
  void store(T* to, xsimd::batch<T> value) const {
    T all[kLanes];
    value.store_unaligned(all);
    std::copy_n(all, count, to);
  }
};

/// visit(i, lanes) for packs that start at i = 0, kLanes, ... and cover `count` numbers.
template <class Visit>
void for_each_pack(Index count, Visit visit) {
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) visit(i, AllLanes{});
  if (i < count) visit(i, FirstLanes{count - i});
}

/// Element j of pack i becomes element i of pack j.
inline void transpose(Pack (&block)[kLanes]) { xsimd::transpose(block, block + kLanes); }

/// a * b + c. Every build rounds the product and the sum separately unless its instruction set
/// fuses them. In a build with WebAssembly's relaxed SIMD the processor decides, always in the same
/// way on one machine, so that the float goes through the instruction of the pack.
inline Pack multiply_add(Pack a, Pack b, Pack c) {
#if defined(__wasm_relaxed_simd__)
  return Pack(wasm_f32x4_relaxed_madd(a, b, c));
#else
  return xsimd::fma(a, b, c);
#endif
}
inline float multiply_add(float a, float b, float c) {
#if defined(__wasm_relaxed_simd__)
  return multiply_add(Pack(a), Pack(b), Pack(c)).get(0);
#elif defined(__FMA__) || defined(__ARM_FEATURE_FMA)
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
inline Pack::batch_bool_type equal(IntPack a, IntPack b) {
  return xsimd::batch_bool_cast<float>(a == b);
}

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
