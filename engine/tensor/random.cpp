#include "engine/tensor/random.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace kernelgarten {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53u;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57u;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9u;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85u;
constexpr int kRounds = 10;

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Random::Random(std::uint32_t seed, std::uint64_t stream)
    : key_{seed, 0},
      counter_{0, 0, static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)} {
}

void Random::next_block() {
  block_ = philox4x32(counter_, key_);
  if (++counter_[0] == 0) ++counter_[1];
  used_ = 0;
}

void Random::skip_to(std::uint64_t position) {
  counter_[0] = static_cast<std::uint32_t>(position / 4);
  counter_[1] = static_cast<std::uint32_t>(position / 4 >> 32);
  next_block();
  used_ = static_cast<int>(position % 4);
}

std::uint32_t Random::next_word() {
  if (used_ == 4) next_block();
  return block_[static_cast<std::size_t>(used_++)];
}

float Random::uniform() { return static_cast<float>(next_word() >> 8) * 0x1p-24f; }

float Random::normal() {
  // 1 - u lies in (0, 1], so the logarithm is finite. In double, so that the last bit of the float
  // does not hang on the platform's libm.
  const double radius_squared = -2.0 * std::log(1.0 - static_cast<double>(uniform()));
  const double angle = 2.0 * std::numbers::pi * static_cast<double>(uniform());
  return static_cast<float>(std::sqrt(radius_squared) * std::cos(angle));
}

std::uint32_t Random::below(std::uint32_t bound) {
  std::uint64_t product = std::uint64_t{next_word()} * bound;
  const std::uint32_t threshold = -bound % bound;
  while (static_cast<std::uint32_t>(product) < threshold) {
    product = std::uint64_t{next_word()} * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

void Random::shuffle(std::span<std::uint32_t> values) {
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[below(static_cast<std::uint32_t>(left))]);
  }
}

}  // namespace kernelgarten
