#include "engine/layers/recurrent_layer.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {

RecurrentLayer::RecurrentLayer(CellKind cell, const RecurrentFields& spec, const std::string& name,
                               const Shape& input)
    : cell_(cell), spec_(spec) {
  check(input.size() == 2, "[", name, "] expected a sequence (steps x numbers in each), got shape ",
        to_string(input));
  check(spec.units >= 1, "[", name, "] units must be at least 1, got ", spec.units);
  steps_ = input[0];
  inputs_ = input[1];
}

RecurrentParams RecurrentLayer::params(Index batch, Index direction) const {
  return {cell_, batch, steps_, inputs_, spec_.units, direction == 1};
}

Shape RecurrentLayer::output_shape() const {
  const Index width = directions() * spec_.units;
  return spec_.return_sequences ? Shape{steps_, width} : Shape{width};
}

std::vector<Parameter> RecurrentLayer::parameters() const {
  const RecurrentParams sizes = params(1, 0);
  const Index units = spec_.units;
  std::vector<Parameter> list;
  for (Index direction = 0; direction < directions(); ++direction) {
    const std::string prefix = direction == 0 ? "" : "reverse_";
    const Index of_input = sizes.gates_of_input(), of_recurrence = sizes.gates_of_recurrence();
    list.push_back(
        {prefix + "input_weight", {inputs_, of_input}, spec_.weight_init, {inputs_, units}});
    list.push_back({prefix + "recurrent_weight",
                    {units, of_recurrence},
                    spec_.recurrent_init,
                    {units, units}});
    list.push_back({prefix + "bias", {of_input}, spec_.bias_init, {inputs_, units}});
    if (sizes.separate_gates() == 0) continue;
    list.push_back(
        {prefix + "recurrent_bias", {sizes.separate_gates()}, spec_.bias_init, {units, units}});
  }
  return list;
}

Index RecurrentLayer::parameters_of_direction() const {
  const RecurrentParams sizes = params(1, 0);
  return (inputs_ + 1) * sizes.gates_of_input() + spec_.units * sizes.gates_of_recurrence() +
         sizes.separate_gates();
}

template <class T>
RecurrentWeights<T> RecurrentLayer::weights(T* parameters, Index direction) const {
  const RecurrentParams sizes = params(1, 0);
  T* input = parameters + direction * parameters_of_direction();
  T* recurrent = input + inputs_ * sizes.gates_of_input();
  T* bias = recurrent + spec_.units * sizes.gates_of_recurrence();
  return {input, recurrent, bias, bias + sizes.gates_of_input()};
}

template <class T>
StepRows<T> RecurrentLayer::rows(T* outputs, Index direction) const {
  const Index width = directions() * spec_.units;
  return {outputs + direction * spec_.units, spec_.return_sequences ? steps_ * width : width, width,
          !spec_.return_sequences};
}

Index RecurrentLayer::saved_size(Index batch) const {
  return directions() * recurrent_saved_size(params(batch, 0));
}

Index RecurrentLayer::scratch_size(Index batch) const {
  return recurrent_scratch_size(params(batch, 0));
}

Index RecurrentLayer::carried_size() const {
  return spec_.bidirectional ? 0 : params(1, 0).carried();
}

double RecurrentLayer::flops() const {
  const RecurrentParams sizes = params(1, 0);
  const Index products =
      inputs_ * sizes.gates_of_input() + spec_.units * sizes.gates_of_recurrence();
  return 2.0 * static_cast<double>(directions() * steps_) * static_cast<double>(products);
}

void RecurrentLayer::forward(const LayerPass& pass) const {
  const bool carries = carried_size() > 0;
  const CarriedState<const float> initial{carries ? pass.initial_state : nullptr, pass.carried_row};
  const CarriedState<float> final{carries ? pass.final_state : nullptr, pass.carried_row};
  for (Index direction = 0; direction < directions(); ++direction) {
    const RecurrentParams sizes = params(pass.batch, direction);
    recurrent_forward(rows(pass.out, direction),
                      pass.saved + direction * recurrent_saved_size(sizes), pass.in,
                      weights(pass.parameters, direction), initial, final, sizes, pass.scratch);
  }
}

void RecurrentLayer::backward(const LayerPass& pass) const {
  if (pass.d_in != nullptr) std::fill_n(pass.d_in, pass.batch * steps_ * inputs_, 0.0f);
  for (Index direction = 0; direction < directions(); ++direction) {
    const RecurrentParams sizes = params(pass.batch, direction);
    float* saved = pass.saved + direction * recurrent_saved_size(sizes);
    const RecurrentWeights<const float> own = weights(pass.parameters, direction);
    recurrent_backward(pass.d_in, rows(pass.d_out, direction), saved, own, sizes, pass.scratch);
    if (pass.gradients == nullptr) continue;
    recurrent_add_weight_gradients(weights(pass.gradients, direction), saved, sizes);
  }
}

namespace {

/// The numbers of one example's steps, in the order of the sequence, from rows in the order in
/// which the steps were taken.
Trace make_trace(const std::string& name, const float* rows, Index stride,
                 const RecurrentParams& sizes) {
  Trace trace{name, {sizes.steps, sizes.units}, {}};
  for (Index step = 0; step < sizes.steps; ++step) {
    const float* row = rows + (sizes.reverse ? sizes.steps - 1 - step : step) * stride;
    trace.values.insert(trace.values.end(), row, row + sizes.units);
  }
  return trace;
}

}  // namespace

template <class Visit>
void RecurrentLayer::for_each_trace(float* saved, Visit visit) const {
  for (Index direction = 0; direction < directions(); ++direction) {
    const RecurrentParams sizes = params(1, direction);
    const std::string prefix = direction == 0 ? "" : "reverse_";
    visit(recurrent_trace(saved + direction * recurrent_saved_size(sizes), sizes), sizes, prefix);
  }
}

std::vector<Trace> RecurrentLayer::forward_traces(float* saved) const {
  std::vector<Trace> traces;
  for_each_trace(saved, [&](const RecurrentTrace& inside, const RecurrentParams& sizes,
                            const std::string& prefix) {
    // In front of the first step stands the state before it.
    const Index units = sizes.units;
    traces.push_back(make_trace(prefix + "hidden", inside.h + units, units, sizes));
    if (inside.c != nullptr) {
      traces.push_back(make_trace(prefix + "memory", inside.c + units, units, sizes));
    }
    Index block = 0;
    for (const std::string_view gate : cell_of(cell_).gate_names) {
      traces.push_back(make_trace(concat(prefix, gate), inside.gates + block++ * units,
                                  inside.gates_stride, sizes));
    }
  });
  return traces;
}

std::vector<Trace> RecurrentLayer::backward_traces(float* saved) const {
  std::vector<Trace> traces;
  for_each_trace(saved, [&](const RecurrentTrace& inside, const RecurrentParams& sizes,
                            const std::string& prefix) {
    traces.push_back(
        make_trace(prefix + "hidden_gradient", inside.d_h + sizes.units, sizes.units, sizes));
  });
  return traces;
}

LstmLayer::LstmLayer(const LstmSpec& spec, const std::string& name, const Shape& input)
    : RecurrentLayer(CellKind::kLstm, spec, name, input), forget_bias_(spec.forget_bias) {}

void LstmLayer::adjust_initial_parameters(std::span<float> values) const {
  for (Index direction = 0; direction < directions(); ++direction) {
    const Index units = params(1, direction).units;
    // The gates are i, f, g, o.
    float* forget = weights(values.data(), direction).bias + units;
    for (Index j = 0; j < units; ++j) forget[j] += static_cast<float>(forget_bias_);
  }
}

}  // namespace kernelgarten
