#pragma once

#include "engine/ops/recurrent_cell.hpp"

namespace kernelgarten {

/// Elman, "Finding structure in time", Cognitive Science 1990, with f = tanh or ReLU:
///   h = f(W x + U h' + b)
/// One block of gates. `d_h_before` gets nothing.
void elman_tanh_forward(const CellStep& step);
void elman_tanh_backward(const CellStepGradient& gradient);
void elman_relu_forward(const CellStep& step);
void elman_relu_backward(const CellStepGradient& gradient);

}  // namespace kernelgarten
