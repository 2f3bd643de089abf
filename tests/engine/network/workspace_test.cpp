#include "engine/network/workspace.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/gradient_check.hpp"
#include "tests/engine/threads.hpp"

namespace kernelgarten::test {
namespace {

/// Every layer type once, and every way in which buffers are shared.
NetworkSpec mixed_network() {
  return {{6, 6, 2},
          {BatchNormSpec{}, Conv2dSpec{.filters = 3}, LeakyReluSpec{0.1}, AveragePool2dSpec{},
           Conv2dSpec{.filters = 4}, BatchNormSpec{}, TanhSpec{}, SigmoidSpec{},
           MaxPool2dSpec{{.size = 2, .stride = 1}}, ReshapeSpec{{18, 2}}, FlattenSpec{},
           DropoutSpec{0.3}, DenseSpec{5}, TanhSpec{}, ReshapeSpec{{5}}, SigmoidSpec{},
           DenseSpec{3}, SoftmaxSpec{}},
          3};
}

struct Pass {
  Floats out, gradients, state;

  Pass(Network& network, Workspace& workspace, Index batch, Mode mode, std::uint64_t step = 5)
      : gradients(network.parameters().size()),
        state(network.state().begin(), network.state().end()) {
    const Examples examples{0, batch};
    const Index inputs = batch * element_count(network.input_shape());
    const Index outputs = batch * element_count(network.output_shape());
    const Floats in = random_values(inputs, 1), d_out = random_values(outputs, 2);
    std::copy(in.begin(), in.end(), workspace.input(examples, 0));
    const PassContext context{mode, step, state.data(), gradients.data(), one_thread()};
    workspace.forward(network, workspace.all_layers(network), examples, 0, context);
    out.assign(workspace.output(examples, 0), workspace.output(examples, 0) + outputs);
    std::copy(d_out.begin(), d_out.end(), workspace.output_gradient(examples, 0));
    workspace.backward(network, workspace.all_layers(network), examples, 0, context);
  }
};

}  // namespace

TEST_CASE("workspace: sharing buffers changes no bit") {
  Network network(mixed_network());
  Workspace training(network, {4, 4, 1}, Keep::kNeeded),
      inspection(network, {4, 4, 1}, Keep::kEverything);
  CHECK(training.memory() < inspection.memory());
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    for (const Index batch : {4, 1, 3}) {
      const Pass shared(network, training, batch, mode), kept(network, inspection, batch, mode);
      CHECK(shared.out == kept.out);
      CHECK(shared.gradients == kept.gradients);
      CHECK(shared.state == kept.state);
    }
  }
}

TEST_CASE("workspace: the gradient of the whole network is its numerical one") {
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    Network network(mixed_network());
    Workspace workspace(network, {3, 3, 1}, Keep::kNeeded);
    const Pass pass(network, workspace, 3, mode);
    const Floats d_out = random_values(9, 2);
    const auto objective = [&] {
      const Pass moved(network, workspace, 3, mode);
      double sum = 0.0;
      for (std::size_t i = 0; i < moved.out.size(); ++i) {
        sum += static_cast<double>(moved.out[i]) * static_cast<double>(d_out[i]);
      }
      return sum;
    };
    // In float: a wide step and a loose tolerance. A wrong or stale buffer is off by far more.
    for (std::size_t i = 0; i < network.parameters().size(); i += 7) {
      CAPTURE(i);
      float& parameter = network.parameters()[i];
      const float centre = parameter;
      parameter = centre + 2e-3f;
      const double above = objective();
      parameter = centre - 2e-3f;
      const double below = objective();
      parameter = centre;
      const double numeric = (above - below) / 4e-3;
      CHECK(std::fabs(numeric - static_cast<double>(pass.gradients[i])) < 2e-3);
    }
  }
}

TEST_CASE("workspace: a batch that does not fit ends in a message with its size") {
  const Network network({{28, 28, 1}, {Conv2dSpec{.filters = 32}, ReluSpec{}}, 1});
  CHECK_THROWS_WITH_AS(Workspace(network, {60000, 60000, 1}, Keep::kNeeded),
                       doctest::Contains("[training] a batch of 60000 needs about"),
                       InvalidArgument);
  CHECK_THROWS_AS(Workspace(network, {PTRDIFF_MAX, PTRDIFF_MAX, 1}, Keep::kNeeded),
                  InvalidArgument);
  CHECK_NOTHROW(Workspace(network, {60000, 8, 1}, Keep::kNeeded));
}

TEST_CASE("workspace: holds a batch where no chunk on its way to the loss overwrites it") {
  const Network network({{6, 6, 2},
                         {Conv2dSpec{.filters = 3}, BatchNormSpec{}, TanhSpec{}, BatchNormSpec{},
                          ReluSpec{}, FlattenSpec{}, DenseSpec{2}},
                         1});
  const Workspace chunked(network, {8, 2, 2}, Keep::kNeeded);
  const Workspace whole(network, {8, 8, 1}, Keep::kNeeded);
  for (std::size_t i = 0; i < network.stages().size(); ++i) {
    CHECK(chunked.holds_batch(i) == (i < 3));
    CHECK_FALSE(whole.holds_batch(i));
  }
}

TEST_CASE("workspace: dropout follows the step while training, and rests in inference") {
  Network network({{50}, {DropoutSpec{0.5}, DenseSpec{4}}, 1});
  Workspace workspace(network, {2, 2, 1}, Keep::kNeeded);
  const Pass first(network, workspace, 2, Mode::kTraining, 1);
  CHECK(Pass(network, workspace, 2, Mode::kTraining, 1).out == first.out);
  CHECK(Pass(network, workspace, 2, Mode::kTraining, 2).out != first.out);
  const Pass rest(network, workspace, 2, Mode::kInference, 1);
  CHECK(Pass(network, workspace, 2, Mode::kInference, 2).out == rest.out);
}

TEST_CASE("workspace: two dropout layers do not share their mask") {
  Network network({{400}, {DropoutSpec{0.5}, DropoutSpec{0.5}}, 1});
  Workspace workspace(network, {1, 1, 1}, Keep::kEverything);
  constexpr Examples kOne{0, 1};
  std::fill_n(workspace.input(kOne, 0), 400, 1.0f);
  workspace.forward(network, workspace.all_layers(network), kOne, 0,
                    {Mode::kTraining, 1, nullptr, nullptr, one_thread()});
  Index kept = 0;
  for (Index i = 0; i < 400; ++i) kept += workspace.output(kOne, 0)[i] != 0.0f;
  CHECK(kept > 60);
  CHECK(kept < 140);
}

TEST_CASE("workspace: any layer may come first, and the input stays as it was") {
  const std::vector<LayerSpec> layers{Conv2dSpec{.filters = 2},
                                      MaxPool2dSpec{},
                                      AveragePool2dSpec{},
                                      BatchNormSpec{},
                                      ReluSpec{},
                                      LeakyReluSpec{},
                                      SigmoidSpec{},
                                      TanhSpec{},
                                      SoftmaxSpec{},
                                      FlattenSpec{},
                                      ReshapeSpec{{16, 3}},
                                      DropoutSpec{}};
  for (const LayerSpec& layer : layers) {
    CAPTURE(std::string(layer.type()));
    for (const Keep keep : {Keep::kNeeded, Keep::kEverything}) {
      for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
        Network network({{4, 4, 3}, {layer, ReluSpec{}}, 1});
        Workspace workspace(network, {2, 2, 1}, keep);
        const Pass pass(network, workspace, 2, mode);
        const float* input = workspace.input({0, 2}, 0);
        CHECK(Floats(input, input + 96) == random_values(96, 1));
        CHECK(std::isfinite(pass.out[0]));
      }
    }
  }
}

TEST_CASE("workspace: the gradient of the input, with or without those of the parameters") {
  const Shape image{4, 4, 3};
  const std::vector<LayerSpec> layers{
      Conv2dSpec{.filters = 2},
      Conv2dSpec{.filters = 2, .kernel = 4, .stride = 2},
      Conv2dSpec{.filters = 8, .kernel = 1, .padding = Padding::kValid},
      ConvTranspose2dSpec{.filters = 2},
      MaxPool2dSpec{},
      AveragePool2dSpec{},
      Upsample2dSpec{},
      BatchNormSpec{},
      LeakyReluSpec{0.1},
      SigmoidSpec{},
      TanhSpec{},
      FlattenSpec{},
      ReshapeSpec{{16, 3}},
      DropoutSpec{}};
  std::vector<NetworkSpec> specs{
      {{6, 6, 8}, {Conv2dSpec{.filters = 8}, ReluSpec{}, MaxPool2dSpec{}}},
      {{6}, {DenseSpec{4}, ReluSpec{}, DenseSpec{3}}},
      {{5, 3}, {SimpleRnnSpec{{.units = 4}}}},
      {{5, 3}, {LstmSpec{{.units = 4}}}},
      {{5, 3}, {GruSpec{{.units = 4, .bidirectional = true}}}}};
  for (const LayerSpec& layer : layers)
    specs.push_back({image, {layer, FlattenSpec{}, DenseSpec{2}}});
  for (const NetworkSpec& spec : specs) {
    CAPTURE(std::string(spec.layers.front().type()));
    Network network(spec);
    for (const Keep keep : {Keep::kNeeded, Keep::kBatch, Keep::kEverything}) {
      Workspace workspace(network, {2, 2, 1}, keep);
      Floats in = random_values(2 * element_count(spec.input), 1);
      const Floats d_out = random_values(2 * element_count(network.output_shape()), 2);
      Floats gradients(network.parameters().size()),
          state(network.state().begin(), network.state().end());
      const auto output = [&] {
        PassContext context{Mode::kTraining, 5, state.data(), nullptr, one_thread()};
        std::copy(in.begin(), in.end(), workspace.input({0, 2}, 0));
        workspace.forward(network, workspace.all_layers(network), {0, 2}, 0, context);
        double sum = 0.0;
        for (std::size_t i = 0; i < d_out.size(); ++i) {
          sum += double{d_out[i]} * double{workspace.output({0, 2}, 0)[i]};
        }
        return sum;
      };
      const auto d_input = [&](float* parameter_gradients) {
        Floats result(in.size(), kNaN);
        PassContext context{Mode::kTraining, 5, state.data(), parameter_gradients, one_thread()};
        context.d_input = result.data();
        output();
        std::copy(d_out.begin(), d_out.end(), workspace.output_gradient({0, 2}, 0));
        workspace.backward(network, workspace.all_layers(network), {0, 2}, 0, context);
        return result;
      };
      const Floats alone = d_input(nullptr);
      CHECK(alone == d_input(gradients.data()));
      for (std::size_t i = 0; i < in.size(); i += 5) {
        const float value = in[i], step = 1e-2f;
        in[i] = value + step;
        const double above = output();
        in[i] = value - step;
        const double slope = (above - output()) / (2.0 * double{step});
        in[i] = value;
        CHECK(double{alone[i]} == doctest::Approx(slope).epsilon(0.05).scale(1.0));
      }
    }
  }
}

TEST_CASE("workspace: gradients add up over passes") {
  Network network(
      {{3, 3, 1}, {Conv2dSpec{.filters = 2}, BatchNormSpec{}, FlattenSpec{}, DenseSpec{2}}, 1});
  Workspace workspace(network, {2, 2, 1}, Keep::kNeeded);
  const Pass once(network, workspace, 2, Mode::kTraining);
  const Floats d_out = random_values(4, 2);
  Floats gradients = once.gradients, state = once.state;
  const PassContext context{Mode::kTraining, 5, state.data(), gradients.data(), one_thread()};
  constexpr Examples kBoth{0, 2};
  workspace.forward(network, workspace.all_layers(network), kBoth, 0, context);
  std::copy(d_out.begin(), d_out.end(), workspace.output_gradient(kBoth, 0));
  workspace.backward(network, workspace.all_layers(network), kBoth, 0, context);
  Doubles twice = widen(once.gradients);
  for (double& value : twice) value *= 2.0;
  check_close(gradients, twice, 1e-5);
}

}  // namespace kernelgarten::test
