#include "engine/ops/recurrent.hpp"

#include <string>

#include "tests/engine/gradient_check.hpp"
#include "tests/engine/reference.hpp"

namespace kernelgarten::test {
namespace {

constexpr CellKind kKinds[] = {CellKind::kElmanTanh, CellKind::kElmanRelu, CellKind::kLstm,
                               CellKind::kGru};

std::string name_of(CellKind kind) {
  static const std::string names[] = {"tanh", "relu", "lstm", "gru"};
  return names[static_cast<std::size_t>(kind)];
}

/// All that goes into a pass. The parameters are one list: W, U, b and the recurrent bias.
struct Sequence {
  RecurrentParams params;
  bool last_only = false;
  Floats in, parameters, initial;

  Sequence(CellKind cell, Index batch, Index steps, Index inputs, Index units,
           std::uint32_t seed = 1)
      : params{cell, batch, steps, inputs, units},
        in(random_values(batch * steps * inputs, seed)),
        parameters(random_values((inputs + 1) * params.gates_of_input() +
                                     units * params.gates_of_recurrence() + params.separate_gates(),
                                 seed + 1, -0.7f, 0.7f)),
        initial(random_values(batch * params.carried(), seed + 2)) {}

  template <class T>
  RecurrentWeights<T> weights(T* from) const {
    T* recurrent = from + params.inputs * params.gates_of_input();
    T* bias = recurrent + params.units * params.gates_of_recurrence();
    return {from, recurrent, bias, bias + params.gates_of_input()};
  }
  Index out_steps() const { return last_only ? 1 : params.steps; }
  Index out_size() const { return params.batch * out_steps() * params.units; }
  template <class T>
  StepRows<T> rows(T* data) const {
    return {data, out_steps() * params.units, params.units, last_only};
  }
};

struct Pass {
  const Sequence& sequence;
  AlignedBuffer<float> saved;
  Floats out, final;

  explicit Pass(const Sequence& s)
      : sequence(s),
        saved(recurrent_saved_size(s.params)),
        out(poison(s.out_size())),
        final(poison(s.params.batch * s.params.carried())) {
    std::fill_n(saved.data(), saved.size(), kNaN);
    ScratchBuffer scratch(recurrent_scratch_size(s.params));
    recurrent_forward(s.rows(out.data()), saved.data(), s.in.data(), s.weights(s.parameters.data()),
                      {s.initial.data(), s.params.carried()}, {final.data(), s.params.carried()},
                      s.params, scratch);
  }

  struct Gradients {
    Floats d_in, d_parameters;
  };
  Gradients backward(const Floats& d_out) {
    const Sequence& s = sequence;
    Gradients gradients{Floats(s.in.size(), 0.0f), Floats(s.parameters.size(), 0.0f)};
    ScratchBuffer scratch(recurrent_scratch_size(s.params));
    recurrent_backward(gradients.d_in.data(), s.rows(d_out.data()), saved.data(),
                       s.weights(s.parameters.data()), s.params, scratch);
    recurrent_add_weight_gradients(s.weights(gradients.d_parameters.data()), saved.data(),
                                   s.params);
    return gradients;
  }
};

/// The plain version for every example, its parameters in PyTorch's order.
Doubles reference_outputs(const Sequence& s, const Doubles& in, const Doubles& parameters) {
  const Index units = s.params.units, steps = s.params.steps, inputs = s.params.inputs;
  const bool gru = s.params.cell == CellKind::kGru;
  const auto blocks = [&](std::vector<Index> of_gru) {
    if (gru) return of_gru;
    std::vector<Index> same;
    for (Index i = 0; i < s.params.gates_of_input() / units; ++i) same.push_back(i);
    return same;
  };
  const auto reordered = [&](const double* from, const double* to, std::vector<Index> of_gru) {
    const std::vector<Index> order = blocks(std::move(of_gru));
    const Index columns = units * static_cast<Index>(order.size());
    Doubles ordered;
    for (; from < to; from += columns) {
      for (const Index block : order) {
        ordered.insert(ordered.end(), from + block * units, from + (block + 1) * units);
      }
    }
    return ordered;
  };
  const auto w = s.weights(parameters.data());
  reference::RecurrentWeights<double> weights{reordered(w.input, w.recurrent, {1, 2, 0}),
                                              reordered(w.recurrent, w.bias, {0, 1, 2}),
                                              reordered(w.bias, w.recurrent_bias, {1, 2, 0}),
                                              {}};
  weights.b_u.assign(weights.b.size(), 0.0);
  std::copy_n(w.recurrent_bias, s.params.separate_gates(),
              weights.b_u.end() - s.params.separate_gates());
  Doubles outputs;
  for (Index n = 0; n < s.params.batch; ++n) {
    Doubles x;
    for (Index taken = 0; taken < steps; ++taken) {
      const Index place = s.params.reverse ? steps - 1 - taken : taken;
      const auto from = in.begin() + (n * steps + place) * inputs;
      x.insert(x.end(), from, from + inputs);
    }
    const Doubles carried = widen(s.initial);
    const auto h = carried.begin() + n * s.params.carried();
    const Doubles memory =
        s.params.cell == CellKind::kLstm ? Doubles(h + units, h + 2 * units) : Doubles();
    const Doubles all = reference::recurrent(name_of(s.params.cell), x, weights,
                                             Doubles(h, h + units), memory, steps);
    for (Index place = s.last_only ? steps - 1 : 0; place < steps; ++place) {
      const Index taken = s.params.reverse && !s.last_only ? steps - 1 - place : place;
      outputs.insert(outputs.end(), all.begin() + taken * units, all.begin() + (taken + 1) * units);
    }
  }
  return outputs;
}

Doubles reference_outputs(const Sequence& s) {
  return reference_outputs(s, widen(s.in), widen(s.parameters));
}

}  // namespace

TEST_CASE("recurrent: closed form of one unit") {
  Sequence sequence(CellKind::kElmanTanh, 1, 2, 1, 1);
  sequence.in = {0.5f, -1.0f};
  sequence.parameters = {2.0f, 0.5f, 0.1f};
  sequence.initial = {0.2f};
  const double h1 = std::tanh(2.0 * 0.5 + 0.5 * 0.2 + 0.1);
  check_close(Pass(sequence).out, Doubles{h1, std::tanh(-2.0 + 0.5 * h1 + 0.1)}, 1e-6);
}

TEST_CASE(
    "recurrent: equals the plain version on odd shapes, forwards, in reverse, last step only") {
  for (const CellKind cell : kKinds) {
    for (const Index batch : {1, 3, 17}) {
      for (const Index steps : {1, 2, 9}) {
        for (const auto& [inputs, units] : {std::pair<Index, Index>{1, 1}, {5, 7}, {28, 33}}) {
          Sequence sequence(cell, batch, steps, inputs, units,
                            static_cast<std::uint32_t>(batch + steps));
          sequence.params.reverse = batch == 3;
          sequence.last_only = steps == 2;
          // Sums of up to 61 weights saturate nothing, but a ReLU doubles from step to step.
          for (float& parameter : sequence.parameters) parameter *= 0.2f;
          CAPTURE(name_of(cell));
          CAPTURE(batch);
          CAPTURE(steps);
          CAPTURE(units);
          check_close(Pass(sequence).out, reference_outputs(sequence), 1e-5);
        }
      }
    }
  }
}

TEST_CASE("recurrent: Jacobian of the inputs and of all parameters, through time") {
  for (const CellKind cell : kKinds) {
    for (const bool reverse : {false, true}) {
      for (const bool last_only : {false, true}) {
        Sequence sequence(cell, 2, 4, 3, 5, 11);
        sequence.params.reverse = reverse;
        sequence.last_only = last_only;
        CAPTURE(name_of(cell));
        CAPTURE(reverse);
        CAPTURE(last_only);
        const Doubles in = widen(sequence.in), parameters = widen(sequence.parameters);
        check_jacobian([&](const Doubles& x) { return reference_outputs(sequence, x, parameters); },
                       [&](const Floats& d) { return Pass(sequence).backward(d).d_in; },
                       sequence.in);
        check_jacobian([&](const Doubles& p) { return reference_outputs(sequence, in, p); },
                       [&](const Floats& d) { return Pass(sequence).backward(d).d_parameters; },
                       sequence.parameters);
      }
    }
  }
}

TEST_CASE("recurrent: a sequence in two parts with carried state is the sequence as a whole") {
  for (const CellKind cell : kKinds) {
    const Sequence whole(cell, 3, 8, 4, 6);
    Sequence first(cell, 3, 5, 4, 6), second(cell, 3, 3, 4, 6);
    first.parameters = second.parameters = whole.parameters;
    first.initial = whole.initial;
    for (Index n = 0; n < 3; ++n) {
      const auto from = whole.in.begin() + n * 8 * 4;
      std::copy_n(from, 5 * 4, first.in.begin() + n * 5 * 4);
      std::copy_n(from + 5 * 4, 3 * 4, second.in.begin() + n * 3 * 4);
    }
    second.initial = Pass(first).final;
    const Pass end(second), all(whole);
    // The inputs' product sums in another order for another number of rows.
    check_close(end.final, all.final, 1e-6);
    for (Index n = 0; n < 3; ++n) {
      const Floats expected(all.out.begin() + (n * 8 + 5) * 6, all.out.begin() + (n + 1) * 8 * 6);
      const Floats actual(end.out.begin() + n * 3 * 6, end.out.begin() + (n + 1) * 3 * 6);
      check_close(actual, expected, 1e-6);
    }
  }
}

TEST_CASE("recurrent: without an initial state it starts at zero") {
  for (const CellKind cell : kKinds) {
    Sequence sequence(cell, 2, 3, 4, 5);
    std::ranges::fill(sequence.initial, 0.0f);
    const Pass with(sequence);
    Floats out = poison(sequence.out_size());
    AlignedBuffer<float> saved(recurrent_saved_size(sequence.params));
    ScratchBuffer scratch(recurrent_scratch_size(sequence.params));
    recurrent_forward(sequence.rows(out.data()), saved.data(), sequence.in.data(),
                      sequence.weights(std::as_const(sequence.parameters).data()), {}, {},
                      sequence.params, scratch);
    CHECK(out == with.out);
  }
}

TEST_CASE("recurrent: the trace shows outputs, memory and the gradient of every output") {
  for (const CellKind cell : kKinds) {
    const Sequence sequence(cell, 1, 4, 3, 5);
    Pass pass(sequence);
    const RecurrentTrace trace = recurrent_trace(pass.saved.data(), sequence.params);
    CHECK(Floats(trace.h + 5, trace.h + 25) == pass.out);
    CHECK((trace.c != nullptr) == (cell == CellKind::kLstm));
    if (trace.c != nullptr) {
      CHECK(Floats(trace.c + 20, trace.c + 25) == Floats(pass.final.begin() + 5, pass.final.end()));
    }
    // The gradient of h after two steps: what the last two make of it, started there.
    Sequence rest(cell, 1, 2, 3, 5);
    rest.parameters = sequence.parameters;
    std::copy_n(sequence.in.begin() + 6, 6, rest.in.begin());
    Floats d_out(20, 0.0f);
    d_out[17] = 1.0f;
    pass.backward(d_out);
    const auto last_output = [&](const Doubles& h) {
      Sequence from_here = rest;
      std::copy_n(trace.h + 10, 5, from_here.initial.begin());
      if (trace.c != nullptr) std::copy_n(trace.c + 10, 5, from_here.initial.begin() + 5);
      const Floats moved = narrow(h);
      std::copy(moved.begin(), moved.end(), from_here.initial.begin());
      return reference_outputs(from_here)[5 + 2];
    };
    for (std::size_t j = 0; j < 5; ++j) {
      Doubles above = widen(Floats(trace.h + 10, trace.h + 15)), below = above;
      above[j] += 0.01;
      below[j] -= 0.01;
      const double slope = (last_output(above) - last_output(below)) / 0.02;
      CHECK(static_cast<double>(trace.d_h[10 + j]) == doctest::Approx(slope).epsilon(2e-3));
    }
  }
}

TEST_CASE("recurrent: gradients add up, and the inputs' may be left out") {
  Sequence sequence(CellKind::kGru, 2, 3, 4, 5);
  const Floats d_out = random_values(sequence.out_size(), 9);
  const Pass::Gradients once = Pass(sequence).backward(d_out);
  Floats twice(sequence.parameters.size(), 0.0f);
  for (int i = 0; i < 2; ++i) {
    Pass pass(sequence);
    ScratchBuffer scratch(recurrent_scratch_size(sequence.params));
    recurrent_backward(nullptr, sequence.rows(d_out.data()), pass.saved.data(),
                       sequence.weights(std::as_const(sequence.parameters).data()), sequence.params,
                       scratch);
    recurrent_add_weight_gradients(sequence.weights(twice.data()), pass.saved.data(),
                                   sequence.params);
  }
  for (std::size_t i = 0; i < twice.size(); ++i) {
    CHECK(twice[i] == doctest::Approx(2.0f * once.d_parameters[i]).epsilon(1e-5));
  }
}

}  // namespace kernelgarten::test
