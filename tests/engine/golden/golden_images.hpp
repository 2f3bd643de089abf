#pragma once

// What networks are trained on for ten steps, here and in make_golden.py.

#include "engine/network/network.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"

namespace kernelgarten::test {

inline constexpr std::uint32_t kGoldenImages = 16, kGoldenSide = 28;

/// A bright bar at a height that depends on the label, over noise.
inline LabelledImages golden_images() {
  LabelledImages images{kGoldenImages, kGoldenSide, kGoldenSide, {}, {}};
  for (std::uint32_t i = 0; i < kGoldenImages; ++i) {
    const std::uint32_t label = i % 10;
    images.labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t pixel = 0; pixel < kGoldenSide * kGoldenSide; ++pixel) {
      const float noise =
          (golden::value(50, i * kGoldenSide * kGoldenSide + pixel) + 1.0f) * 128.0f;
      const bool bar = pixel / kGoldenSide / 2 == label + 2;
      images.pixels.push_back(bar ? 255 : static_cast<std::uint8_t>(static_cast<int>(noise) / 2));
    }
  }
  return images;
}

/// One scale for each parameter tensor.
inline void set_golden_parameters(Network& network, const Floats& scales) {
  std::uint32_t tensor = 0;
  float* to = network.parameters().data();
  for (const Stage& stage : network.stages()) {
    for (const Parameter& parameter : stage.parameters) {
      const auto count = static_cast<std::size_t>(element_count(parameter.shape));
      const Floats numbers = golden::values(60 + tensor, count, scales[tensor]);
      to = std::copy(numbers.begin(), numbers.end(), to);
      ++tensor;
    }
  }
}

}  // namespace kernelgarten::test
