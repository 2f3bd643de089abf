#pragma once

#include "engine/ops/recurrent_cell.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

/// A cell that goes through sequences in [batch, steps, inputs].
struct RecurrentParams {
  CellKind cell;
  Index batch, steps;
  Index inputs, units;
  /// From the last step to the first.
  bool reverse = false;

  Index gates_of_input() const { return cell_of(cell).input_gates * units; }
  Index gates_of_recurrence() const { return cell_of(cell).recurrent_gates * units; }
  Index separate_gates() const { return cell_of(cell).separate_gates() * units; }
  /// Numbers that a cell carries from step to step for each example: its output, and its memory.
  Index carried() const { return cell_of(cell).has_memory ? 2 * units : units; }
};

/// The cell's parameters, for reading, or their gradients.
template <class T>
struct RecurrentWeights {
  T* input;           ///< [inputs, gates_of_input]
  T* recurrent;       ///< [units, gates_of_recurrence]
  T* bias;            ///< [gates_of_input]
  T* recurrent_bias;  ///< [separate_gates]
};

/// Where a layer puts a cell's outputs, or finds their gradients: the row of example n is
/// `row` floats behind that of n - 1, that of the next step `step` floats further on. With
/// `last_only` there is one row for each example, for the step taken last.
template <class T>
struct StepRows {
  T* data;
  Index row;
  Index step;
  bool last_only;
};

/// Where the rows [batch, carried] of a state begin and how far they are apart: the output, then
/// the memory. Without data there is none: zeros to begin with, nothing to keep in the end.
template <class T>
struct CarriedState {
  T* data = nullptr;
  Index row = 0;
};

/// Floats kept between forward and backward: everything a step leaves, step after step.
Index recurrent_saved_size(const RecurrentParams& params);
/// Floats of scratch for either direction.
Index recurrent_scratch_size(const RecurrentParams& params);

/// What is looked at afterwards, each [steps, batch, row] in the order in which steps were taken.
struct RecurrentTrace {
  /// Blocks of the cell's gates, rows `gates_stride` apart; after backward the gradients of their
  /// sums.
  float* gates;
  Index gates_stride;
  /// Outputs, the state from before the first step in front: [steps + 1, batch, units].
  float* h;
  /// Memory cells, as the outputs; null for a cell without.
  float* c;
  /// After backward, as the outputs: the gradient of each step's output, through all later steps.
  /// In front, where the initial state's would be, stands an unfinished sum.
  float* d_h;
};
RecurrentTrace recurrent_trace(float* saved, const RecurrentParams& params);

/// Runs the cell over all steps. One product for the inputs' part of all steps, one a step for the
/// previous output's part of all gates.
void recurrent_forward(const StepRows<float>& out, float* saved, const float* in,
                       const RecurrentWeights<const float>& weights,
                       const CarriedState<const float>& initial, const CarriedState<float>& final,
                       const RecurrentParams& params, Scratch scratch);

/// Back-propagation through time, to the first step and no further: the initial state counts as a
/// constant. d_in [batch, steps, inputs] is added to, or skipped if null. Follows a forward pass
/// with the same `saved`, whose gates it overwrites.
void recurrent_backward(float* d_in, const StepRows<const float>& d_out, float* saved,
                        const RecurrentWeights<const float>& weights, const RecurrentParams& params,
                        Scratch scratch);

/// What each weight had to do with it, added to the gradients. Follows a backward pass with the
/// same `saved`.
void recurrent_add_weight_gradients(const RecurrentWeights<float>& d_weights, float* saved,
                                    const RecurrentParams& params);

}  // namespace kernelgarten
