#include "engine/ops/recurrent.hpp"

#include <algorithm>

#include "engine/ops/column_sums.hpp"
#include "engine/ops/gemm.hpp"
#include "engine/simd/loops.hpp"

namespace kernelgarten {
namespace {

/// What a pass keeps, step after step, each with a row for each example.
struct Saved {
  float* x;
  RecurrentTrace trace;

  Saved(float* saved, const RecurrentParams& params);
};

/// A stride of an odd number of cache lines: products read the gates column by column, and the rows
/// would otherwise compete for the same lines of the cache.
Index stride_of_gates(const RecurrentParams& params) {
  constexpr Index kCacheLine = 64 / sizeof(float);
  return round_up(cell_of(params.cell).gates * params.units, 2 * kCacheLine) + kCacheLine;
}

Saved::Saved(float* saved, const RecurrentParams& params) {
  Scratch parts(saved);
  const Index rows = params.steps * params.batch;
  const Index states = (rows + params.batch) * params.units;
  const bool memory = cell_of(params.cell).has_memory;
  x = parts.take(rows * params.inputs);
  trace.gates_stride = stride_of_gates(params);
  trace.gates = parts.take(rows * trace.gates_stride);
  trace.h = parts.take(states);
  trace.c = memory ? parts.take(states) : nullptr;
  trace.d_h = parts.take(states);
}

/// The steps of a sequence in the order in which they are taken.
struct Steps {
  const RecurrentParams& params;

  /// Where the `taken`-th step stands in the sequence.
  Index place(Index taken) const { return params.reverse ? params.steps - 1 - taken : taken; }
};

CellStep step_of(const Saved& saved, const RecurrentParams& params, Index taken) {
  const Index before = taken * params.batch * params.units;
  const Index after = before + params.batch * params.units;
  const RecurrentTrace& trace = saved.trace;
  const bool memory = trace.c != nullptr;
  return {params.batch,
          params.units,
          trace.gates + taken * params.batch * trace.gates_stride,
          trace.gates_stride,
          trace.h + before,
          trace.h + after,
          memory ? trace.c + before : nullptr,
          memory ? trace.c + after : nullptr};
}

void load_inputs(float* x, const float* in, const RecurrentParams& params) {
  for (Index taken = 0; taken < params.steps; ++taken) {
    const float* from = in + Steps{params}.place(taken) * params.inputs;
    for (Index n = 0; n < params.batch; ++n, x += params.inputs) {
      std::copy_n(from + n * params.steps * params.inputs, params.inputs, x);
    }
  }
}

/// Rows of a state's first part (the output) or second (the memory), from and to where it is
/// carried.
void load_state(float* to, const CarriedState<const float>& state, Index part,
                const RecurrentParams& params) {
  for (Index n = 0; n < params.batch; ++n, to += params.units) {
    if (state.data == nullptr) {
      std::fill_n(to, params.units, 0.0f);
    } else {
      std::copy_n(state.data + n * state.row + part * params.units, params.units, to);
    }
  }
}

void store_state(const CarriedState<float>& state, const float* from, Index part,
                 const RecurrentParams& params) {
  for (Index n = 0; n < params.batch; ++n, from += params.units) {
    std::copy_n(from, params.units, state.data + n * state.row + part * params.units);
  }
}

void store_outputs(const StepRows<float>& out, const Saved& saved, const RecurrentParams& params) {
  const Index first = out.last_only ? params.steps - 1 : 0;
  for (Index taken = first; taken < params.steps; ++taken) {
    const float* h = step_of(saved, params, taken).h;
    float* to = out.data + (out.last_only ? 0 : Steps{params}.place(taken) * out.step);
    for (Index n = 0; n < params.batch; ++n) {
      std::copy_n(h + n * params.units, params.units, to + n * out.row);
    }
  }
}

/// d_h [steps + 1, batch, units]: behind the initial state's, what comes from outside.
void load_output_gradients(float* d_h, const StepRows<const float>& d_out,
                           const RecurrentParams& params) {
  const Index step_size = params.batch * params.units;
  const Index first = d_out.last_only ? params.steps - 1 : 0;
  std::fill_n(d_h, (first + 1) * step_size, 0.0f);
  for (Index taken = first; taken < params.steps; ++taken) {
    const float* from =
        d_out.data + (d_out.last_only ? 0 : Steps{params}.place(taken) * d_out.step);
    float* to = d_h + (taken + 1) * step_size;
    for (Index n = 0; n < params.batch; ++n) {
      std::copy_n(from + n * d_out.row, params.units, to + n * params.units);
    }
  }
}

/// gates = x W + b, and in the blocks that sum over the previous output alone their own bias.
void start_gates(const Saved& saved, const RecurrentWeights<const float>& weights,
                 const RecurrentParams& params, Scratch scratch) {
  const Index rows = params.steps * params.batch;
  const Index columns = params.gates_of_input();
  gemm(saved.trace.gates, saved.trace.gates_stride, row_major(saved.x, params.inputs),
       row_major(weights.input, columns), rows, columns, params.inputs, GemmInit::kBias, scratch,
       weights.bias);
  if (params.separate_gates() == 0) return;
  for (Index row = 0; row < rows; ++row) {
    std::copy_n(weights.recurrent_bias, params.separate_gates(),
                saved.trace.gates + row * saved.trace.gates_stride + columns);
  }
}

Index first_recurrent_column(const RecurrentParams& params) {
  return cell_of(params.cell).first_recurrent * params.units;
}

}  // namespace

Index recurrent_saved_size(const RecurrentParams& params) {
  const Index rows = params.steps * params.batch;
  const Index states = aligned_count((rows + params.batch) * params.units);
  return aligned_count(rows * params.inputs) + aligned_count(rows * stride_of_gates(params)) +
         states * (cell_of(params.cell).has_memory ? 3 : 2);
}

Index recurrent_scratch_size(const RecurrentParams& params) {
  const Index forward = std::max(gemm_scratch_size(params.gates_of_input(), params.inputs),
                                 packed_size(params.units, params.gates_of_recurrence()));
  const Index backward = std::max(packed_size(params.gates_of_recurrence(), params.units),
                                  packed_size(params.gates_of_input(), params.inputs));
  const Index memory = aligned_count(params.batch * params.units);
  return std::max(aligned_count(forward), memory + aligned_count(backward));
}

RecurrentTrace recurrent_trace(float* saved, const RecurrentParams& params) {
  return Saved(saved, params).trace;
}

void recurrent_forward(const StepRows<float>& out, float* saved, const float* in,
                       const RecurrentWeights<const float>& weights,
                       const CarriedState<const float>& initial, const CarriedState<float>& final,
                       const RecurrentParams& params, Scratch scratch) {
  const Saved parts(saved, params);
  const Cell& cell = cell_of(params.cell);
  load_inputs(parts.x, in, params);
  load_state(parts.trace.h, initial, 0, params);
  if (cell.has_memory) load_state(parts.trace.c, initial, 1, params);
  start_gates(parts, weights, params, scratch);
  const Index columns = params.gates_of_recurrence();
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(params.units, columns)),
                  row_major(weights.recurrent, columns), params.units, columns);
  for (Index taken = 0; taken < params.steps; ++taken) {
    const CellStep step = step_of(parts, params, taken);
    gemm_packed(step.gates + first_recurrent_column(params), step.gates_stride,
                row_major(step.h_before, params.units), packed, params.batch,
                GemmInit::kAccumulate);
    cell.forward(step);
  }
  store_outputs(out, parts, params);
  if (final.data == nullptr) return;
  const CellStep last = step_of(parts, params, params.steps - 1);
  store_state(final, last.h, 0, params);
  if (cell.has_memory) store_state(final, last.c, 1, params);
}

namespace {

/// From the last step taken to the first: gradients of the gates' sums and of all outputs.
void go_back_through_time(const Saved& saved, const RecurrentWeights<const float>& weights,
                          const RecurrentParams& params, Scratch scratch) {
  const Cell& cell = cell_of(params.cell);
  const Index step_size = params.batch * params.units;
  const Index columns = params.gates_of_recurrence();
  float* d_c = scratch.take(step_size);
  std::fill_n(d_c, step_size, 0.0f);
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(columns, params.units)),
                  row_major(weights.recurrent, columns).transposed(), columns, params.units);
  for (Index taken = params.steps; taken-- > 0;) {
    const CellStep step = step_of(saved, params, taken);
    float* d_h_before = saved.trace.d_h + taken * step_size;
    cell.backward({step, d_h_before + step_size, d_h_before, d_c});
    if (taken == 0) return;
    gemm_packed(d_h_before, params.units,
                row_major(step.gates + first_recurrent_column(params), step.gates_stride), packed,
                params.batch, GemmInit::kAccumulate);
  }
}

/// d_weight [inputs, columns] += in^T d_sums, over all steps at once. What a register tile reads
/// behind the last column is the end of the row, or the next part of what is saved.
void add_weight_gradient(float* d_weight, const float* in, Index inputs, const float* d_sums,
                         Index stride, Index columns, Index rows) {
  gemm_in_place(d_weight, columns, row_major(in, inputs).transposed(), d_sums, stride, inputs,
                columns, rows, GemmInit::kAccumulate);
}

void add_input_gradients(float* d_in, const Saved& saved, const float* weight,
                         const RecurrentParams& params, Scratch scratch) {
  const Index columns = params.gates_of_input();
  const PackedMatrix packed =
      pack_matrix(scratch.take(packed_size(columns, params.inputs)),
                  row_major(weight, columns).transposed(), columns, params.inputs);
  for (Index taken = 0; taken < params.steps; ++taken) {
    const CellStep step = step_of(saved, params, taken);
    gemm_packed(d_in + Steps{params}.place(taken) * params.inputs, params.steps * params.inputs,
                row_major(step.gates, step.gates_stride), packed, params.batch,
                GemmInit::kAccumulate);
  }
}

}  // namespace

void recurrent_backward(float* d_in, const StepRows<const float>& d_out, float* saved,
                        const RecurrentWeights<const float>& weights, const RecurrentParams& params,
                        Scratch scratch) {
  const Saved parts(saved, params);
  load_output_gradients(parts.trace.d_h, d_out, params);
  go_back_through_time(parts, weights, params, scratch);
  if (d_in != nullptr) add_input_gradients(d_in, parts, weights.input, params, scratch);
}

void recurrent_add_weight_gradients(const RecurrentWeights<float>& d_weights, float* saved,
                                    const RecurrentParams& params) {
  const Saved parts(saved, params);
  const RecurrentTrace& trace = parts.trace;
  const Index rows = params.steps * params.batch, stride = trace.gates_stride;
  const Index of_input = params.gates_of_input(), of_recurrence = params.gates_of_recurrence();
  add_weight_gradient(d_weights.input, parts.x, params.inputs, trace.gates, stride, of_input, rows);
  add_weight_gradient(d_weights.recurrent, trace.h, params.units,
                      trace.gates + first_recurrent_column(params), stride, of_recurrence, rows);
  add_column_sums(d_weights.bias, trace.gates, stride, rows, of_input);
  add_column_sums(d_weights.recurrent_bias, trace.gates + of_input, stride, rows,
                  params.separate_gates());
}

}  // namespace kernelgarten
