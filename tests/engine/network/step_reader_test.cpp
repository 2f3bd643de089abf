#include "engine/network/step_reader.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

constexpr Index kSteps = 6, kInputs = 5, kClasses = 3;

NetworkSpec stacked(Index steps) {
  return {{steps, kInputs},
          {GruSpec{{.units = 7, .return_sequences = true}}, LstmSpec{{.units = 4}}, TanhSpec{},
           DenseSpec{kClasses}},
          2};
}

/// What a network puts out for the whole of a sequence.
Floats read_at_once(Network& network, const Floats& sequence) {
  constexpr Examples kOne{0, 1};
  Workspace workspace(network, {1, 1, 1}, Keep::kNeeded);
  std::copy(sequence.begin(), sequence.end(), workspace.input(kOne, 0));
  const PassContext pass{Mode::kInference, 0, network.state().data(), nullptr, one_thread()};
  workspace.forward(network, workspace.all_layers(network), kOne, 0, pass);
  return {workspace.output(kOne, 0), workspace.output(kOne, 0) + kClasses};
}

Floats read_step(StepReader& reader, const Floats& sequence, Index step) {
  std::copy_n(sequence.begin() + step * kInputs, kInputs, reader.input().begin());
  const auto out = reader.read();
  return {out.begin(), out.end()};
}

}  // namespace

TEST_CASE("step reader: after each step it gives what a network for so many steps gives") {
  const Floats sequence = random_values(kSteps * kInputs, 1);
  Network whole(stacked(kSteps));
  StepReader reader(stacked(kSteps));
  reader.take_weights(whole);
  for (int round = 0; round < 2; ++round) {
    CHECK_FALSE(reader.has_read());
    for (Index step = 0; step < kSteps; ++step) {
      Network shorter(stacked(step + 1));
      std::ranges::copy(whole.parameters(), shorter.parameters().data());
      const Floats start(sequence.begin(), sequence.begin() + (step + 1) * kInputs);
      check_close(read_step(reader, sequence, step), read_at_once(shorter, start), 1e-6);
    }
    reader.forget();
  }
}

TEST_CASE("step reader: weights are those of the moment they were taken") {
  const Floats sequence = random_values(kInputs, 1);
  Network whole(stacked(kSteps));
  whole.parameters().back() = 100.0f;
  StepReader reader(stacked(kSteps));
  CHECK(read_step(reader, sequence, 0).back() < 50.0f);
  reader.take_weights(whole);
  reader.forget();
  CHECK(read_step(reader, sequence, 0).back() > 50.0f);
}

TEST_CASE("step reader: what needs the whole sequence is refused by name") {
  const auto message = [](const LayerSpec& layer) {
    const NetworkSpec spec{{4, 5}, {layer, DenseSpec{3}}, 1};
    CHECK_FALSE(StepReader::can_read(Network(spec)));
    return message_of<InvalidArgument>([&] { StepReader reader(spec); });
  };
  CHECK(StepReader::can_read(Network(stacked(4))));
  CHECK(message(FlattenSpec{}) == Contains("[flatten_1]"));
  CHECK(message(LstmSpec{{.units = 2, .bidirectional = true}}) == Contains("[lstm_1]"));
}

}  // namespace kernelgarten::test
