#include "engine/network/step_reader.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

constexpr Examples kOne{0, 1};
constexpr int kLane = 0;

NetworkSpec for_single_steps(NetworkSpec spec) {
  if (!spec.input.empty()) spec.input.front() = 1;
  return spec;
}

std::size_t size_of(const Shape& shape) { return static_cast<std::size_t>(element_count(shape)); }

}  // namespace

bool StepReader::can_read(const Network& network) {
  return std::ranges::all_of(network.stages(), [](const Stage& stage) {
    return stage.layer->treats_steps_alike();
  });
}

StepReader::StepReader(NetworkSpec network)
    : network_(for_single_steps(std::move(network))),
      workspace_(network_, {1, 1, 1}, Keep::kNeeded),
      state_(network_.carried_size()) {
  for (const Stage& stage : network_.stages()) {
    check(stage.layer->treats_steps_alike(), "[", stage.name,
          "] this layer needs the whole sequence; the network cannot be read step by step");
  }
}

void StepReader::take_weights(Network& network) {
  std::ranges::copy(network.parameters(), network_.parameters().data());
  std::ranges::copy(network.state(), network_.state().data());
}

std::span<float> StepReader::input() {
  return {workspace_.input(kOne, kLane), size_of(network_.input_shape())};
}

std::span<const float> StepReader::read() {
  const PassContext pass{Mode::kInference,
                         0,
                         network_.state().data(),
                         nullptr,
                         pool_,
                         {has_read_ ? state_.data() : nullptr, state_.data()}};
  workspace_.forward(network_, workspace_.all_layers(network_), kOne, kLane, pass);
  has_read_ = true;
  return output();
}

std::span<const float> StepReader::output() const {
  return {workspace_.output(kOne, kLane), size_of(network_.output_shape())};
}

std::size_t StepReader::memory() const {
  return network_.memory() + workspace_.memory() +
         static_cast<std::size_t>(state_.size()) * sizeof(float);
}

}  // namespace kernelgarten
