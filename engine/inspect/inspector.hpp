#pragma once

#include "engine/inspect/inspection.hpp"
#include "engine/network/single_example.hpp"

namespace kernelgarten {

/// Takes one example through a network, and keeps all that there is to see on the way there and
/// back. The network's own gradients stay as they are.
class Inspector {
 public:
  /// The network outlives it. Throws InvalidArgument where it is too large to be held.
  explicit Inspector(Network& network) : network_(network), example_(network, Keep::kEverything) {}

  /// Where the caller puts the example.
  std::span<float> input() { return example_.input(); }
  /// What every layer makes of it.
  std::vector<LayerInspection> forward();
  /// What the last of them gave.
  std::span<const float> output() const { return example_.output(); }
  /// Where the caller puts the gradient of the loss with respect to that output.
  std::span<float> output_gradient() { return example_.output_gradient(); }
  /// Takes that gradient back through the layers of the last `forward`, and adds to each what there
  /// is to see of it.
  void backward(std::vector<LayerInspection>& layers);

  /// Bytes held.
  std::size_t memory() const { return example_.memory(); }

 private:
  Network& network_;
  SingleExample example_;
};

}  // namespace kernelgarten
