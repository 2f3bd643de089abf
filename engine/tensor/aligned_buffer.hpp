#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Every buffer and every part of one starts at a multiple of this many bytes: a cache line, and
/// the widest vector register.
inline constexpr std::size_t kAlignment = 64;

/// `count` rounded up so that what follows it stays aligned.
template <class T = float>
constexpr Index aligned_count(Index count) {
  constexpr Index step = static_cast<Index>(kAlignment / sizeof(T));
  return (count + step - 1) / step * step;
}

/// A fixed number of elements, aligned and zeroed, allocated once. Throws std::bad_alloc where the
/// memory does not suffice.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(Index count)
      : data_(static_cast<T*>(::operator new(bytes(count), std::align_val_t{kAlignment}))),
        count_(count) {
    std::fill_n(data_, count, T{});
  }
  AlignedBuffer(AlignedBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), count_(std::exchange(other.count_, 0)) {}
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~AlignedBuffer() {
    if (data_ != nullptr) ::operator delete(data_, std::align_val_t{kAlignment});
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  Index size() const { return count_; }
  std::span<T> span() { return {data_, static_cast<std::size_t>(count_)}; }
  std::span<const T> span() const { return {data_, static_cast<std::size_t>(count_)}; }

 private:
  static std::size_t bytes(Index count) {
    if (count < 0 || count > PTRDIFF_MAX / static_cast<Index>(sizeof(T))) throw std::bad_alloc();
    return static_cast<std::size_t>(count) * sizeof(T);
  }

  T* data_ = nullptr;
  Index count_ = 0;
};

}  // namespace kernelgarten
