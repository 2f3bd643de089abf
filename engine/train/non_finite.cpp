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

void report_non_finite_loss(const Network& network, const Workspace& workspace, Examples chunk,
                            int lane, Index batch) {
  for (std::size_t i = 0; i < workspace.stages(network).size(); ++i) {
    const Stage& stage = workspace.stages(network)[i];
    const Examples held = workspace.holds_batch(i) ? Examples{0, batch} : chunk;
    const auto count = static_cast<std::size_t>(held.count() * element_count(stage.output_shape));
    check<NonFinite>(all_finite({workspace.activation(i, held, lane), count}), "[", stage.name,
                     "] its output is no longer a finite number", kAdvice);
  }
  throw NonFinite(concat("[loss] the loss is no longer a finite number", kAdvice));
}

void check_finite_outputs(const Network& network, const Workspace& workspace, Examples batch) {
  constexpr int kAnyLane = 0;
  const auto count =
      static_cast<std::size_t>(batch.count() * element_count(network.output_shape()));
  if (all_finite({workspace.output(batch, kAnyLane), count})) return;
  report_non_finite_loss(network, workspace, batch, kAnyLane, batch.count());
}

void report_non_finite_gradient(const Network& network, std::span<const float> gradients) {
  for (const Stage& stage : std::views::reverse(network.stages())) {
    const auto own = gradients.subspan(static_cast<std::size_t>(stage.parameter_offset),
                                       static_cast<std::size_t>(stage.parameter_count));
    check<NonFinite>(all_finite(own), "[", stage.name,
                     "] its gradient is no longer a finite number", kAdvice);
  }
  throw NonFinite(concat("[network] the gradient's length is no longer a finite number", kAdvice));
}

}  // namespace kernelgarten
