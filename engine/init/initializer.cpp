#include "engine/init/initializer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace kernelgarten {
namespace {

void fill_normal(std::span<float> values, double std, Random& random) {
  for (float& value : values) value = static_cast<float>(std * double{random.normal()});
}

void fill_uniform(std::span<float> values, double limit, Random& random) {
  for (float& value : values) {
    value = static_cast<float>(limit * (2.0 * double{random.uniform()} - 1.0));
  }
}

/// `count` orthonormal vectors of at least as many numbers, uniform over all choices: normal draws,
/// each made perpendicular to those before it, twice, since once leaves what rounding made.
std::vector<std::vector<double>> orthonormal_vectors(Index count, Index size, Random& random) {
  std::vector<std::vector<double>> vectors;
  while (static_cast<Index>(vectors.size()) < count) {
    std::vector<double> next(static_cast<std::size_t>(size));
    for (double& value : next) value = double{random.normal()};
    for (int pass = 0; pass < 2; ++pass) {
      for (const auto& other : vectors) {
        const double along = std::inner_product(next.begin(), next.end(), other.begin(), 0.0);
        for (std::size_t i = 0; i < next.size(); ++i) next[i] -= along * other[i];
      }
    }
    const double norm = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
    for (double& value : next) value /= norm;
    vectors.push_back(std::move(next));
  }
  return vectors;
}

void fill_orthogonal(std::span<float> values, Fan fan, Random& random) {
  const Index columns = static_cast<Index>(values.size()) / fan.in;
  const bool tall = fan.in >= fan.out;
  for (Index first = 0; first < columns; first += fan.out) {
    const auto vectors =
        orthonormal_vectors(std::min(fan.in, fan.out), std::max(fan.in, fan.out), random);
    for (Index row = 0; row < fan.in; ++row) {
      for (Index column = 0; column < fan.out; ++column) {
        const auto& vector = vectors[static_cast<std::size_t>(tall ? column : row)];
        values[static_cast<std::size_t>(row * columns + first + column)] =
            static_cast<float>(vector[static_cast<std::size_t>(tall ? row : column)]);
      }
    }
  }
}

}  // namespace

void initialize(std::span<float> values, const Initializer& initializer, Fan fan, Random& random) {
  const double glorot = 2.0 / static_cast<double>(std::max<Index>(fan.in + fan.out, 1));
  const double he = 2.0 / static_cast<double>(std::max<Index>(fan.in, 1));
  switch (initializer.kind) {
    case InitializerKind::kZeros:
      std::ranges::fill(values, 0.0f);
      return;
    case InitializerKind::kConstant:
      std::ranges::fill(values, static_cast<float>(initializer.scale));
      return;
    case InitializerKind::kNormal:
      return fill_normal(values, initializer.scale, random);
    case InitializerKind::kUniform:
      return fill_uniform(values, initializer.scale, random);
    case InitializerKind::kGlorotNormal:
      return fill_normal(values, std::sqrt(glorot), random);
    case InitializerKind::kGlorotUniform:
      return fill_uniform(values, std::sqrt(3.0 * glorot), random);
    case InitializerKind::kHeNormal:
      return fill_normal(values, std::sqrt(he), random);
    case InitializerKind::kHeUniform:
      return fill_uniform(values, std::sqrt(3.0 * he), random);
    case InitializerKind::kOrthogonal:
      return fill_orthogonal(values, fan, random);
  }
}

}  // namespace kernelgarten
