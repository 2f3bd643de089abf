#include "engine/init/initializer.hpp"

#include <algorithm>
#include <cmath>

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
  }
}

}  // namespace kernelgarten
