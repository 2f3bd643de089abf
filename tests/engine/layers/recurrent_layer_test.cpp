#include "engine/layers/recurrent_layer.hpp"

#include <cmath>

#include "engine/network/workspace.hpp"
#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

std::vector<std::string> names_of(const Stage& stage) {
  std::vector<std::string> names;
  for (const Parameter& parameter : stage.parameters) names.push_back(parameter.name);
  return names;
}

}  // namespace

TEST_CASE("recurrent layer: shapes, parameters and operations") {
  const Network network({{28, 20},
                         {LstmSpec{{.units = 8, .return_sequences = true, .bidirectional = true}},
                          GruSpec{{.units = 5}}},
                         1});
  const Stage &lstm = network.stages()[0], &gru = network.stages()[1];
  CHECK(lstm.output_shape == Shape{28, 16});
  CHECK(names_of(lstm) == std::vector<std::string>{"input_weight", "recurrent_weight", "bias",
                                                   "reverse_input_weight",
                                                   "reverse_recurrent_weight", "reverse_bias"});
  CHECK(lstm.parameter_count == 2 * (20 * 32 + 8 * 32 + 32));
  CHECK(lstm.layer->flops() == 2 * 2 * 28 * (20 + 8) * 32);
  CHECK(gru.output_shape == Shape{5});
  CHECK(names_of(gru) ==
        std::vector<std::string>{"input_weight", "recurrent_weight", "bias", "recurrent_bias"});
  CHECK(gru.parameter_count == 16 * 15 + 5 * 15 + 15 + 5);
}

TEST_CASE("recurrent layer: the forget gates start with a bias, those of both directions") {
  Network network({{3, 2}, {LstmSpec{{.units = 2, .bidirectional = true}, 1.5}}, 1});
  const auto parameters = network.parameters();
  const std::size_t direction = parameters.size() / 2;
  for (const std::size_t first : {direction - 8, 2 * direction - 8}) {
    const auto bias = parameters.subspan(first, 8);
    CHECK(Floats(bias.begin(), bias.end()) == Floats{0, 0, 1.5f, 1.5f, 0, 0, 0, 0});
  }
}

TEST_CASE("recurrent layer: the traces of both directions follow the cell's equations") {
  constexpr Index kSteps = 5, kUnits = 3;
  Network network({{kSteps, 2},
                   {LstmSpec{{.units = kUnits, .return_sequences = true, .bidirectional = true}}},
                   1});
  constexpr Examples kOne{0, 1};
  Workspace workspace(network, {1, 1, 1}, Keep::kEverything);
  const Floats in = random_values(kSteps * 2, 1);
  std::copy(in.begin(), in.end(), workspace.input(kOne, 0));
  const PassContext pass{Mode::kInference, 0, network.state().data(), nullptr, one_thread()};
  workspace.forward(network, workspace.all_layers(network), kOne, 0, pass);
  const auto traces = network.stages()[0].layer->forward_traces(workspace.saved(0, kOne, 0));
  REQUIRE(traces.size() == 12);
  CHECK(traces[6].name == "reverse_hidden");
  const float* out = workspace.output(kOne, 0);
  for (const std::size_t direction : {0, 1}) {
    const Trace* t = &traces[6 * direction];
    for (Index step = 0; step < kSteps; ++step) {
      // Backwards, the step before stands behind.
      const Index before = direction == 0 ? step - 1 : step + 1;
      for (Index unit = 0; unit < kUnits; ++unit) {
        const auto at = [&](int trace, Index place) {
          return t[trace].values[static_cast<std::size_t>(place * kUnits + unit)];
        };
        const float kept = before < 0 || before >= kSteps ? 0.0f : at(3, step) * at(1, before);
        CHECK(at(1, step) == doctest::Approx(kept + at(2, step) * at(4, step)));
        CHECK(at(0, step) == doctest::Approx(at(5, step) * std::tanh(at(1, step))));
        CHECK(at(0, step) ==
              out[step * 2 * kUnits + static_cast<Index>(direction) * kUnits + unit]);
      }
    }
  }
}

TEST_CASE("recurrent layer: says what it expected") {
  const auto message = [](const Shape& input, Index units) {
    return message_of<InvalidArgument>(
        [&] { Network network({input, {LstmSpec{{.units = units}}}, 1}); });
  };
  CHECK(message({28, 28, 1}, 4) == Contains("[lstm_1]"));
  CHECK(message({28, 28, 1}, 4) == Contains("28 x 28 x 1"));
  CHECK(message({28}, 4) == Contains("expected a sequence"));
  CHECK(message({28, 28}, 0) == Contains("units must be at least 1, got 0"));
  CHECK(message_of<InvalidArgument>([] { Network network({{4, 4}, {EmbeddingSpec{5, 2}}, 1}); }) ==
        Contains("expected a list of symbols"));
  CHECK(message_of<InvalidArgument>([] { Network network({{4}, {EmbeddingSpec{0, 2}}, 1}); }) ==
        Contains("vocabulary must be at least 1"));
}

}  // namespace kernelgarten::test
