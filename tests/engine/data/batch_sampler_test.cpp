#include "engine/data/batch_sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace kernelgarten::test {
namespace {

using Indices = std::vector<std::uint32_t>;

/// All indices of one epoch in the order they come.
Indices epoch_of(BatchSampler& sampler) {
  Indices all;
  for (Index batch = 0; batch < sampler.batches_per_epoch(); ++batch) {
    const auto indices = sampler.next();
    all.insert(all.end(), indices.begin(), indices.end());
  }
  return all;
}

Indices ascending(std::size_t count) {
  Indices indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

}  // namespace

TEST_CASE("batch_sampler: every example once per epoch, in another order each time") {
  for (const Index count : {1, 7, 100, 128, 257}) {
    for (const Index batch_size : {Index{1}, Index{32}, count}) {
      if (batch_size > count) continue;
      CAPTURE(count);
      CAPTURE(batch_size);
      BatchSampler sampler(count, batch_size, 1);
      CHECK(sampler.epoch() == 0);
      const Indices first = epoch_of(sampler);
      CHECK(sampler.epoch() == 1);
      CHECK(sampler.batch() == sampler.batches_per_epoch());
      const Indices second = epoch_of(sampler);
      CHECK(sampler.epoch() == 2);
      if (count >= 100) CHECK(first != second);
      for (Indices epoch : {first, second}) {
        std::sort(epoch.begin(), epoch.end());
        CHECK(epoch == ascending(static_cast<std::size_t>(count)));
      }
    }
  }
}

TEST_CASE("batch_sampler: batches are full but the last, and count from 1") {
  BatchSampler sampler(10, 4, 1);
  CHECK(sampler.batches_per_epoch() == 3);
  for (const std::size_t size : {4u, 4u, 2u, 4u}) CHECK(sampler.next().size() == size);
  CHECK(sampler.epoch() == 2);
  CHECK(sampler.batch() == 1);
}

TEST_CASE("batch_sampler: seed and epoch name the order") {
  BatchSampler first(50, 8, 3), second(50, 50, 3), third(50, 8, 4);
  const Indices order = epoch_of(first);
  CHECK(epoch_of(second) == order);
  CHECK(epoch_of(third) != order);
}

}  // namespace kernelgarten::test
