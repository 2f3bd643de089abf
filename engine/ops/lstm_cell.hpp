#pragma once

#include "engine/ops/recurrent_cell.hpp"

namespace kernelgarten {

/// Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997, with the forget
/// gate of Gers et al. 2000. With z = W x + U h' + b in the blocks i, f, g, o:
///   i, f, o = sigmoid(z), g = tanh(z)
///   c = f c' + i g
///   h = o tanh(c)
void lstm_forward(const CellStep& step);

/// With t = tanh(c):
///   d_c += d_h o (1 - t^2)
///   d_z = (d_c g i (1 - i), d_c c' f (1 - f), d_c i (1 - g^2), d_h t o (1 - o))
///   d_c' = d_c f
/// `d_h_before` gets nothing.
void lstm_backward(const CellStepGradient& gradient);

}  // namespace kernelgarten
