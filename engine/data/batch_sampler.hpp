#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/state_visitor.hpp"
#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Hands out the examples of a data set in batches: each once per epoch, in an order that depends
/// on seed and epoch alone. The last batch of an epoch may be smaller.
class BatchSampler {
 public:
  BatchSampler(Index example_count, Index batch_size, std::uint32_t seed);

  Index batch_size() const { return batch_size_; }
  Index batches_per_epoch() const;
  /// Epoch and batch, both from 1, of the indices handed out last; 0 before the first.
  Index epoch() const { return ceil_divide(handed_out_, batches_per_epoch()); }
  Index batch() const;

  /// How many batches were handed out; where the last is not `finished` yet, without that one.
  void visit_state(StateVisitor& visit, bool finished);

  /// The indices of the next batch, valid until the next call.
  std::span<const std::uint32_t> next();

 private:
  void put_in_order();

  Index batch_size_;
  std::uint32_t seed_;
  /// In all epochs.
  Index handed_out_ = 0;
  /// The epoch that `order_` is of.
  Index ordered_ = 0;
  std::vector<std::uint32_t> order_;
};

}  // namespace kernelgarten
