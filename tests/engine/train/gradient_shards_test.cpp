#include "engine/train/gradient_shards.hpp"

#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

/// Less than a range, a few of them, and an odd rest.
constexpr std::array<Index, 4> kSizes{0, 7, 8192, 30001};

void fill(GradientShards& shards, Index parameters, Index count) {
  for (Index i = 0; i < count; ++i) {
    const Floats values = random_values(parameters, static_cast<std::uint32_t>(i + 1));
    std::ranges::copy(values, shards.shard(i));
  }
}

}  // namespace

TEST_CASE("gradient_shards: the sum of all shards and its norm, the same with any threads") {
  for (const Index parameters : kSizes) {
    for (const Index count : {1, 2, 8}) {
      CAPTURE(parameters);
      CAPTURE(count);
      Floats expected(static_cast<std::size_t>(parameters));
      double squares = 0.0;
      for (Index i = 0; i < count; ++i) {
        const Floats values = random_values(parameters, static_cast<std::uint32_t>(i + 1));
        for (std::size_t j = 0; j < values.size(); ++j) expected[j] += values[j];
      }
      for (const float value : expected) squares += std::pow(static_cast<double>(value), 2);
      double first_norm = 0.0;
      for (const int threads : kThreadCounts) {
        ThreadPool pool(threads);
        GradientShards shards(parameters, count);
        fill(shards, parameters, count);
        const double norm = shards.sum(pool);
        CHECK(std::ranges::equal(shards.total(), expected));
        CHECK(norm == doctest::Approx(std::sqrt(squares)).epsilon(1e-5));
        if (threads == 1) first_norm = norm;
        CHECK(norm == first_norm);
      }
    }
  }
}

TEST_CASE("gradient_shards: cleared, they start from zero") {
  for (const int threads : kThreadCounts) {
    ThreadPool pool(threads);
    GradientShards shards(100, 4);
    fill(shards, 100, 4);
    shards.clear(pool);
    CHECK(shards.sum(pool) == 0.0);
    CHECK(std::ranges::equal(shards.total(), Floats(100)));
  }
}

TEST_CASE("gradient_shards: the norm is not finite where an element is not") {
  GradientShards shards(20000, 2);
  shards.shard(1)[19999] = kNaN;
  CHECK_FALSE(std::isfinite(shards.sum(one_thread())));
}

}  // namespace kernelgarten::test
