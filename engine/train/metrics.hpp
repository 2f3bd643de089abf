#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// One optimizer step.
struct StepMetrics {
  /// Steps taken so far, this one included.
  Index step;
  /// Epoch, and batch within it, both from 1.
  Index epoch;
  Index batch;
  float loss;
  /// Share of the batch's predictions that were right, 0 to 1; NaN where they are not of classes.
  float accuracy;
  /// Euclidean norm of the whole gradient before clipping.
  double gradient_norm;
};

enum class Split { kTrain, kTest };

/// A pass over one split with inference statistics.
struct Evaluation {
  Split split;
  /// Steps taken when it began.
  Index step;
  Index count;
  double loss;
  double accuracy;
  Index classes;
  /// [classes, classes] counts: row = true class, column = predicted class.
  std::vector<std::uint32_t> confusion;
};

}  // namespace kernelgarten
