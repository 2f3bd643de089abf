#include "engine/train/gradient_shards.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/optim/optimizer.hpp"
#include "engine/parallel/ranges.hpp"
#include "engine/simd/loops.hpp"

namespace kernelgarten {

GradientShards::GradientShards(Index parameters, Index shards)
    : squares_(static_cast<std::size_t>(part_count(parameters, kRangeSize))) {
  for (Index i = 0; i < shards; ++i) shards_.emplace_back(parameters);
}

void GradientShards::clear(ThreadPool& pool) {
  pool.run(static_cast<Index>(shards_.size()), [this](Index index, int) {
    std::ranges::fill(shards_[static_cast<std::size_t>(index)].span(), 0.0f);
  });
}

double GradientShards::sum(ThreadPool& pool) {
  for_each_range(pool, shards_.front().size(), [this](Index index, Range range) {
    float* to = shard(0) + range.begin;
    for (std::size_t i = 1; i < shards_.size(); ++i) {
      simd::zip(to, to, shards_[i].data() + range.begin, range.count(),
                [](auto total, auto value) { return total + value; });
    }
    squares_[static_cast<std::size_t>(index)] =
        squared_norm({to, static_cast<std::size_t>(range.count())});
  });
  return std::sqrt(std::accumulate(squares_.begin(), squares_.end(), 0.0));
}

std::size_t GradientShards::memory() const {
  return shards_.size() * static_cast<std::size_t>(shards_.front().size()) * sizeof(float);
}

}  // namespace kernelgarten
