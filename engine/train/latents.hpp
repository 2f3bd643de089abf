#pragma once

#include <span>
#include <vector>

#include "engine/tensor/random.hpp"
#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// What a generator is fed: rows of standard normal noise, each followed by a one-hot label where
/// there are classes. The memory for a batch of them, allocated once.
class Latents {
 public:
  Latents(Index most, Index noise_size, Index classes);

  /// Draws `count` rows, and a class for each: all numbers are named by seed and generation.
  void draw(Index count, std::uint32_t seed, Index generation);

  Index row_size() const { return noise_size_ + classes_; }
  const float* row(Index index) const { return rows_.data() + index * row_size(); }
  std::int32_t label(Index index) const { return labels_[static_cast<std::size_t>(index)]; }

  std::size_t memory() const { return rows_.size() * sizeof(float); }

 private:
  Index noise_size_;
  Index classes_;
  std::vector<float> rows_;
  std::vector<std::int32_t> labels_;
};

}  // namespace kernelgarten
