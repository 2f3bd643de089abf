#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace kernelgarten {

/// Philox4x32-10: four random words as a pure function of a counter and a key, so any element of
/// any stream can be drawn without the ones before it, in any order, on any thread.
/// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// What random numbers are drawn for. Each use has streams of its own, so that two things seeded
/// alike do not share their numbers.
enum class RandomUse : std::uint64_t {
  kInitialWeights = 1,
  kDropout,
  kBatchOrder,
  kSplit,
  kSampling,
  kNoise,
  kLatent,
};

/// The `index`-th stream of a use; `index` is below 2^56.
constexpr std::uint64_t random_stream(RandomUse use, std::uint64_t index) {
  return static_cast<std::uint64_t>(use) << 56 | index;
}

/// A sequence of random numbers named by a seed and a stream: same names, same numbers, on every
/// platform. Streams of one seed are independent of each other.
class Random {
 public:
  explicit Random(std::uint32_t seed, std::uint64_t stream = 0);

  /// Goes to the `position`-th word of the sequence.
  void skip_to(std::uint64_t position);
  /// Uniform over all 32-bit words.
  std::uint32_t next_word();
  /// Uniform on [0, 1), in steps of 2^-24.
  float uniform();
  /// Standard normal, by the Box-Muller transform.
  float normal();
  /// Uniform on 0 .. bound - 1, without bias (Lemire 2019); `bound` is at least 1.
  std::uint32_t below(std::uint32_t bound);
  /// Puts `values` into a uniformly random order (Fisher-Yates).
  void shuffle(std::span<std::uint32_t> values);

 private:
  void next_block();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

}  // namespace kernelgarten
