#include "engine/data/batch_sampler.hpp"

#include <algorithm>
#include <numeric>

#include "engine/tensor/random.hpp"

namespace kernelgarten {

BatchSampler::BatchSampler(Index example_count, Index batch_size, std::uint32_t seed)
    : batch_size_(batch_size), seed_(seed), order_(static_cast<std::size_t>(example_count)) {}

Index BatchSampler::batches_per_epoch() const {
  return (static_cast<Index>(order_.size()) + batch_size_ - 1) / batch_size_;
}

std::span<const std::uint32_t> BatchSampler::next() {
  if (epoch_ == 0 || batch_ == batches_per_epoch()) {
    ++epoch_;
    batch_ = 0;
    std::iota(order_.begin(), order_.end(), 0u);
    Random(seed_, random_stream(RandomUse::kBatchOrder, static_cast<std::uint64_t>(epoch_)))
        .shuffle(order_);
  }
  const auto begin = static_cast<std::size_t>(batch_ * batch_size_);
  ++batch_;
  const std::size_t size = std::min(static_cast<std::size_t>(batch_size_), order_.size() - begin);
  return std::span<const std::uint32_t>(order_).subspan(begin, size);
}

}  // namespace kernelgarten
