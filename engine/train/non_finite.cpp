#include "engine/train/non_finite.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

constexpr const char* kAdvice =
    "; the weights are those before this step. A lower learning rate, gradient clipping or batch "
    "normalisation helps";

}  // namespace

void report_non_finite_loss(const Network& network, const Workspace& workspace, Index batch) {
  for (std::size_t i = 0; i < network.stages().size(); ++i) {
    const Stage& stage = network.stages()[i];
    const auto count = static_cast<std::size_t>(batch * element_count(stage.output_shape));
    check<NonFinite>(all_finite({workspace.activation(i), count}), "[", stage.name,
                     "] its output is no longer a finite number", kAdvice);
  }
  throw NonFinite(concat("[loss] the loss is no longer a finite number", kAdvice));
}

void report_non_finite_gradient(Network& network) {
  for (const Stage& stage : std::views::reverse(network.stages())) {
    check<NonFinite>(all_finite(network.gradients_of(stage)), "[", stage.name,
                     "] its gradient is no longer a finite number", kAdvice);
  }
  throw NonFinite(concat("[network] the gradient's length is no longer a finite number", kAdvice));
}

}  // namespace kernelgarten
