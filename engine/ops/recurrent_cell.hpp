#pragma once

#include <span>
#include <string_view>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// The cells of recurrent networks, with PyTorch's equations.
enum class CellKind { kElmanTanh, kElmanRelu, kLstm, kGru };

/// One time step of a cell with `units` units, for `batch` examples. Every array has a row for each
/// example.
struct CellStep {
  Index batch, units;
  /// Rows of blocks of `units` numbers, `gates_stride` apart: before, the sums that go into the
  /// gates; afterwards, what comes out of them.
  float* gates;
  Index gates_stride;
  const float* h_before;
  float* h;
  /// Memory cells; for a cell without them null.
  const float* c_before;
  float* c;
};

/// What goes back through a step: `step.gates` become the gradients of their sums.
struct CellStepGradient {
  CellStep step;
  /// Of `step.h`.
  const float* d_h;
  /// Of `h_before`, added to: the part that does not go through the gates.
  float* d_h_before;
  /// Of `step.c`; becomes that of `c_before`.
  float* d_c;
};

/// How a cell's gates hang together with its weights. A row of gates has `gates` blocks. The first
/// `input_gates` of them sum over the inputs; `recurrent_gates` of them, from `first_recurrent` on,
/// sum over the previous output. They overlap where both go into one sum.
struct Cell {
  Index gates;
  Index input_gates;
  Index first_recurrent;
  Index recurrent_gates;
  /// Whether it has memory cells beside its output.
  bool has_memory;
  void (*forward)(const CellStep& step);
  void (*backward)(const CellStepGradient& gradient);
  /// Of the first blocks, those that are worth looking at.
  std::span<const std::string_view> gate_names;

  /// Blocks that sum over the previous output alone, and have a bias of their own.
  Index separate_gates() const { return gates - input_gates; }
};

const Cell& cell_of(CellKind kind);

}  // namespace kernelgarten
