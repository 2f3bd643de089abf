#pragma once

#include <span>
#include <vector>

#include "engine/parallel/thread_pool.hpp"
#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// The gradient of a step in progress. Every shard of the batch adds up its own; in the end they
/// are summed. Who does what and in which order depends on the sizes alone, so the sum has the
/// same bits for any number of threads.
class GradientShards {
 public:
  GradientShards(Index parameters, Index shards);

  /// [parameters], to add to.
  float* shard(Index index) { return shards_[static_cast<std::size_t>(index)].data(); }
  void clear(ThreadPool& pool);

  /// Adds all shards to the first one, which is `total` from then on, and returns the Euclidean
  /// norm of the sum; finite whenever every element is.
  double sum(ThreadPool& pool);
  std::span<const float> total() const { return shards_.front().span(); }

  /// Bytes held.
  std::size_t memory() const;

 private:
  std::vector<AlignedBuffer<float>> shards_;
  /// Squared norm of each range of the sum.
  std::vector<double> squares_;
};

}  // namespace kernelgarten
