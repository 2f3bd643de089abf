#include "engine/network/step_reader.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {

bool StepReader::can_read(const Network& network) {
  return std::ranges::all_of(network.stages(),
                             [](const Stage& stage) { return stage.layer->treats_steps_alike(); });
}

StepReader::StepReader(NetworkSpec network)
    : network_(with_steps(std::move(network), 1)),
      example_(network_, Keep::kNeeded),
      state_(network_.carried_size()) {
  for (const Stage& stage : network_.stages()) {
    check(stage.layer->treats_steps_alike(), "[", stage.name,
          "] this layer needs the whole sequence; the network cannot be read step by step");
  }
}

std::span<const float> StepReader::read() {
  example_.forward({has_read_ ? state_.data() : nullptr, state_.data()});
  has_read_ = true;
  return output();
}

std::size_t StepReader::memory() const {
  return network_.memory() + example_.memory() +
         static_cast<std::size_t>(state_.size()) * sizeof(float);
}

}  // namespace kernelgarten
