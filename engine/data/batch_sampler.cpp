#include "engine/data/batch_sampler.hpp"

#include <algorithm>
#include <numeric>

#include "engine/tensor/random.hpp"

namespace kernelgarten {

BatchSampler::BatchSampler(Index example_count, Index batch_size, std::uint32_t seed)
    : batch_size_(batch_size), seed_(seed), order_(static_cast<std::size_t>(example_count)) {}

Index BatchSampler::batches_per_epoch() const {
  return ceil_divide(static_cast<Index>(order_.size()), batch_size_);
}

Index BatchSampler::batch() const {
  return handed_out_ == 0 ? 0 : (handed_out_ - 1) % batches_per_epoch() + 1;
}

void BatchSampler::visit_state(StateVisitor& visit, bool finished) {
  const Index in_progress = finished ? 0 : 1;
  Index batches = handed_out_ - in_progress;
  visit.count("batches", batches, kMostCount);
  handed_out_ = batches + in_progress;
}

/// Puts the examples in the order of the epoch.
void BatchSampler::put_in_order() {
  if (ordered_ == epoch()) return;
  ordered_ = epoch();
  std::iota(order_.begin(), order_.end(), 0u);
  Random(seed_, random_stream(RandomUse::kBatchOrder, static_cast<std::uint64_t>(ordered_)))
      .shuffle(order_);
}

std::span<const std::uint32_t> BatchSampler::next() {
  ++handed_out_;
  put_in_order();
  const auto begin = static_cast<std::size_t>((batch() - 1) * batch_size_);
  const std::size_t size = std::min(static_cast<std::size_t>(batch_size_), order_.size() - begin);
  return std::span<const std::uint32_t>(order_).subspan(begin, size);
}

}  // namespace kernelgarten
