#pragma once

#include "engine/ops/recurrent_cell.hpp"

namespace kernelgarten {

/// Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014, in the form
/// that cuDNN and PyTorch compute: the reset gate acts on the product with the previous output, not
/// on that output.
///   r, z = sigmoid(W x + U h' + b)
///   n = tanh((W x + b) + r m) with m = U h' + b_m
///   h = (1 - z) n + z h'
/// The blocks of gates are n, r, z, m, so that the inputs go into the first three and the previous
/// output into the last three.
void gru_forward(const CellStep& step);

/// With e = d_h (1 - z) (1 - n^2), the gradient of the sum inside tanh:
///   d_n = e, d_r = e m r (1 - r), d_z = d_h (h' - n) z (1 - z), d_m = e r
///   d_h' += d_h z
void gru_backward(const CellStepGradient& gradient);

}  // namespace kernelgarten
