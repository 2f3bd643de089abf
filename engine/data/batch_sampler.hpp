#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Hands out the examples of a data set in batches: each once per epoch, in an order that depends
/// on seed and epoch alone. The last batch of an epoch may be smaller.
class BatchSampler {
 public:
  BatchSampler(Index example_count, Index batch_size, std::uint32_t seed);

  Index batches_per_epoch() const;
  /// Epoch and batch, both from 1, of the indices handed out last; 0 before the first.
  Index epoch() const { return epoch_; }
  Index batch() const { return batch_; }

  /// The indices of the next batch, valid until the next call.
  std::span<const std::uint32_t> next();

 private:
  Index batch_size_;
  std::uint32_t seed_;
  Index epoch_ = 0;
  Index batch_ = 0;
  std::vector<std::uint32_t> order_;
};

}  // namespace kernelgarten
