#include "engine/data/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>

#include "engine/tensor/check.hpp"
#include "engine/tensor/random.hpp"

namespace kernelgarten {

std::vector<float> gaussian_mixture(std::span<const float> centres, double spread, Index count,
                                    std::uint32_t seed) {
  constexpr Index kMostPoints = 1 << 22;
  check(!centres.empty() && centres.size() % 2 == 0,
        "[points] expected x and y of at least one centre, got ", centres.size(), " numbers");
  check(std::ranges::all_of(centres, [](float x) { return std::isfinite(x); }),
        "[points] expected finite centres");
  check(count >= 1 && count <= kMostPoints, "[points] expected 1 to ", kMostPoints, " points, got ",
        count);
  check(spread >= 0.0 && std::isfinite(spread),
        "[points] spread must be 0 or a positive number, got ", spread);
  constexpr std::uint64_t kPoints = 1;
  Random random(seed, random_stream(RandomUse::kNoise, kPoints));
  std::vector<float> points;
  points.reserve(static_cast<std::size_t>(2 * count));
  const auto modes = static_cast<std::uint32_t>(centres.size() / 2);
  for (Index i = 0; i < count; ++i) {
    const std::size_t centre = 2 * random.below(modes);
    for (const std::size_t axis : {centre, centre + 1}) {
      points.push_back(centres[axis] + static_cast<float>(spread) * random.normal());
    }
  }
  return points;
}

}  // namespace kernelgarten
