#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/network/network.hpp"

namespace kernelgarten {

/// What one layer did with one example.
struct LayerInspection {
  std::string name;
  Shape shape;
  std::vector<float> activation;
  /// Gradient of the loss with respect to the activation; empty when no label was given.
  std::vector<float> gradient;
  /// What there is to see inside the layer.
  std::vector<Trace> traces;
};

/// The state of one layer's parameters.
struct LayerStatistics {
  std::string name;
  /// NaN for a layer without parameters, like the two below.
  double weight_mean;
  double weight_std;
  /// Euclidean norm of the layer's part of the last gradient.
  double gradient_norm;
};

std::vector<LayerStatistics> layer_statistics(Network& network);

}  // namespace kernelgarten
