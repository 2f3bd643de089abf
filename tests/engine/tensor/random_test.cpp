#include "engine/tensor/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

namespace kernelgarten::test {
namespace {

using Words = std::array<std::uint32_t, 4>;

std::vector<std::uint32_t> ascending(std::size_t count) {
  std::vector<std::uint32_t> values(count);
  std::iota(values.begin(), values.end(), 0u);
  return values;
}

/// Sum of (observed - expected)^2 / expected; its expected value is the number of cells - 1.
double chi_squared(const std::vector<int>& counts) {
  const double expected =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  double sum = 0.0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

}  // namespace

TEST_CASE("random: known answers of Philox4x32-10 from Random123") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) ==
        Words{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u});
  CHECK(philox4x32({0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
                   {0xffffffffu, 0xffffffffu}) ==
        Words{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu});
  CHECK(philox4x32({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u},
                   {0xa4093822u, 0x299f31d0u}) ==
        Words{0xd16cfe09u, 0x94fdcceb, 0x5001e420u, 0x24126ea1u});
}

TEST_CASE("random: a sequence is the blocks of its counter, in order") {
  Random random(17, 0x500000003u);
  for (std::uint32_t block = 0; block < 3; ++block) {
    for (const std::uint32_t word : philox4x32({block, 0, 3, 5}, {17, 0})) {
      CHECK(random.next_word() == word);
    }
  }
}

TEST_CASE("random: any place of a sequence can be gone to") {
  for (const std::uint64_t place : {0u, 1u, 4u, 7u, 1000u}) {
    Random walked(17, 5), jumped(17, 5);
    for (std::uint64_t i = 0; i < place; ++i) walked.next_word();
    jumped.next_word();
    jumped.skip_to(place);
    for (int i = 0; i < 9; ++i) CHECK(jumped.next_word() == walked.next_word());
  }
  Random far(17, 5);
  far.skip_to(std::uint64_t{6} << 34);
  CHECK(far.next_word() == philox4x32({0, 6, 5, 0}, {17, 0})[0]);
}

TEST_CASE("random: same names give the same numbers, others do not") {
  Random first(1, 2), second(1, 2), seed(2, 2), stream(1, 3);
  int same_seed = 0, same_stream = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t word = first.next_word();
    CHECK(second.next_word() == word);
    same_seed += seed.next_word() == word;
    same_stream += stream.next_word() == word;
  }
  CHECK(same_seed == 0);
  CHECK(same_stream == 0);
}

TEST_CASE("random: uniform lies between 0 and 1 and has the moments of the uniform distribution") {
  Random random(3);
  const int count = 100000;
  double sum = 0.0, squares = 0.0;
  float lowest = 1.0f, highest = 0.0f;
  std::vector<int> cells(64);
  for (int i = 0; i < count; ++i) {
    const float value = random.uniform();
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    ++cells.at(static_cast<std::size_t>(value * 64.0f));
  }
  CHECK(lowest >= 0.0f);
  CHECK(highest < 1.0f);
  CHECK(sum / count == doctest::Approx(0.5).epsilon(0.01));
  CHECK(squares / count == doctest::Approx(1.0 / 3.0).epsilon(0.01));
  CHECK(chi_squared(cells) < 120.0);
}

TEST_CASE("random: normal has the moments and the tails of the normal distribution") {
  Random random(4);
  const int count = 200000;
  double moments[5] = {};
  int beyond_two = 0, beyond_three = 0;
  for (int i = 0; i < count; ++i) {
    const double value = static_cast<double>(random.normal());
    REQUIRE(std::isfinite(value));
    double power = 1.0;
    for (double& moment : moments) {
      moment += power / count;
      power *= value;
    }
    beyond_two += std::fabs(value) > 2.0;
    beyond_three += std::fabs(value) > 3.0;
  }
  CHECK(std::fabs(moments[1]) < 0.01);
  CHECK(moments[2] == doctest::Approx(1.0).epsilon(0.02));
  CHECK(std::fabs(moments[3]) < 0.04);
  CHECK(moments[4] == doctest::Approx(3.0).epsilon(0.04));
  CHECK(static_cast<double>(beyond_two) / count == doctest::Approx(0.0455).epsilon(0.05));
  CHECK(static_cast<double>(beyond_three) / count == doctest::Approx(0.0027).epsilon(0.2));
}

TEST_CASE("random: below covers its range evenly") {
  Random random(5);
  CHECK(random.below(1) == 0);
  for (const std::uint32_t bound : {2u, 6u, 10u, 37u}) {
    std::vector<int> counts(bound);
    for (int i = 0; i < 50000; ++i) ++counts.at(random.below(bound));
    CHECK(chi_squared(counts) < 2.5 * bound + 15.0);
  }
}

TEST_CASE("random: below is unbiased where the words do not divide evenly") {
  // 2^32 words over 3 * 2^30 values: without rejection one residue of 3 would come twice as often.
  Random random(6);
  std::vector<int> residues(3);
  for (int i = 0; i < 30000; ++i) {
    const std::uint32_t value = random.below(3u << 30);
    REQUIRE(value < 3u << 30);
    ++residues[value % 3];
  }
  CHECK(chi_squared(residues) < 20.0);
}

TEST_CASE("random: shuffle is a permutation that its seed reproduces") {
  for (const std::size_t count : {0u, 1u, 2u, 100u, 1001u}) {
    std::vector<std::uint32_t> values = ascending(count), again = values;
    Random first(7), second(7);
    first.shuffle(values);
    second.shuffle(again);
    CHECK(values == again);
    if (count >= 100) CHECK(values != ascending(count));
    std::sort(values.begin(), values.end());
    CHECK(values == ascending(count));
  }
}

TEST_CASE("random: shuffle gives every order equally often") {
  Random random(8);
  std::map<std::vector<std::uint32_t>, int> orders;
  for (int i = 0; i < 24000; ++i) {
    std::vector<std::uint32_t> values = ascending(4);
    random.shuffle(values);
    ++orders[values];
  }
  CHECK(orders.size() == 24);
  std::vector<int> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  CHECK(chi_squared(counts) < 60.0);
}

}  // namespace kernelgarten::test
