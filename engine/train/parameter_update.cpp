#include "engine/train/parameter_update.hpp"

#include <algorithm>
#include <cmath>

#include "engine/parallel/ranges.hpp"
#include "engine/train/non_finite.hpp"

namespace kernelgarten {

ParameterUpdate::ParameterUpdate(Network& network, const OptimizerSpec& optimizer, Index shards,
                                 std::shared_ptr<ThreadPool> pool)
    : network_(network),
      pool_(std::move(pool)),
      optimizer_(make_optimizer(optimizer, static_cast<Index>(network.parameters().size()))),
      clip_norm_(optimizer.clip_norm),
      gradients_(static_cast<Index>(network.parameters().size()), shards),
      state_(static_cast<Index>(network.state().size())) {}

void ParameterUpdate::begin() {
  std::ranges::copy(network_.state(), state_.data());
  gradients_.clear(*pool_);
}

double ParameterUpdate::finish() {
  const double norm = gradients_.sum(*pool_);
  if (!std::isfinite(norm)) report_non_finite_gradient(network_, gradients_.total());
  std::ranges::copy(state_.span(), network_.state().data());
  optimizer_->begin_step();
  const std::span<float> gradients = network_.gradients();
  for_each_range(*pool_, static_cast<Index>(gradients.size()), [&](Index, Range range) {
    const float* from = gradients_.total().data();
    float* to = gradients.data();
    std::copy(from + range.begin, from + range.end, to + range.begin);
    clip_gradient({to + range.begin, to + range.end}, norm, clip_norm_);
    optimizer_->update(range, network_.parameters(), gradients);
  });
  return norm;
}

std::size_t ParameterUpdate::memory() const {
  const auto floats = static_cast<std::size_t>(optimizer_->state_size() + state_.size());
  return floats * sizeof(float) + gradients_.memory();
}

}  // namespace kernelgarten
