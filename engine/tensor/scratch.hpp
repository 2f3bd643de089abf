#pragma once

#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// Planned memory that an op may use while it runs and forgets afterwards. `take` hands out the
/// next aligned part; the copy that a callee receives starts where its caller stopped. Ops state
/// how much they need in a `*_scratch_size` function, counted in floats.
class Scratch {
 public:
  Scratch() = default;
  explicit Scratch(float* data) : next_(data) {}

  float* take(Index count) {
    float* part = next_;
    next_ += aligned_count(count);
    return part;
  }

 private:
  float* next_ = nullptr;
};

}  // namespace kernelgarten
