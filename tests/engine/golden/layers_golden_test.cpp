// Each layer, through the network's workspace, against PyTorch.

#include "engine/network/network.hpp"
#include "engine/network/workspace.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/formula.hpp"
#include "tests/golden/layers.hpp"

namespace kernelgarten::test {
namespace {

template <std::size_t N>
Doubles list(const double (&numbers)[N]) {
  return {std::begin(numbers), std::end(numbers)};
}

Doubles list(std::nullptr_t) { return {}; }

/// The layer under test behind a reshape that changes nothing, so that its input has a gradient.
struct LayerRun {
  Index batch;
  Network network;
  Workspace workspace;
  Mode mode;
  Floats gradients;

  LayerRun(LayerSpec layer, const Shape& input, Index batch_size, Mode pass_mode = Mode::kTraining)
      : batch(batch_size),
        network({input, {ReshapeSpec{input}, std::move(layer)}, 1}),
        workspace(network, {batch_size, batch_size, 1}, Keep::kEverything),
        mode(pass_mode),
        gradients(network.parameters().size()) {
    std::uint32_t salt = 2;
    float* to = network.parameters().data();
    for (const Parameter& parameter : network.stages()[1].parameters) {
      const auto numbers =
          golden::values(salt++, static_cast<std::size_t>(element_count(parameter.shape)));
      to = std::copy(numbers.begin(), numbers.end(), to);
    }
  }

  void forward(std::uint32_t salt = 1) {
    const auto numbers = golden::values(salt, count(0), 2.0f);
    std::copy(numbers.begin(), numbers.end(), workspace.input(examples(), 0));
    workspace.forward(network, workspace.all_layers(network), examples(), 0, context());
  }
  void backward() {
    const auto numbers = golden::values(9, count(1));
    std::copy(numbers.begin(), numbers.end(), workspace.output_gradient(examples(), 0));
    std::ranges::fill(gradients, 0.0f);
    workspace.backward(network, workspace.all_layers(network), examples(), 0, context());
  }

  Floats out() const { return copied(workspace.output(examples(), 0), 1); }
  Floats d_in() const { return copied(workspace.gradient(0, examples(), 0), 0); }

 private:
  Examples examples() const { return {0, batch}; }
  PassContext context() {
    return {mode, 0, network.state().data(), gradients.data(), one_thread()};
  }
  Floats copied(const float* from, std::size_t stage) const { return {from, from + count(stage)}; }
  std::size_t count(std::size_t stage) const {
    return static_cast<std::size_t>(batch * element_count(network.stages()[stage].output_shape));
  }
};

template <class Out, class DIn, class DParameters>
void check_run(LayerRun& run, const Out& out, const DIn& d_in, const DParameters& d_parameters) {
  check_close(run.out(), list(out), 2e-6);
  run.backward();
  check_close(run.d_in(), list(d_in), 5e-6);
  check_close(run.gradients, list(d_parameters), 5e-6);
}

template <class Out, class DIn, class DParameters = std::nullptr_t>
void check_layer(LayerSpec layer, const Shape& input, Index batch, const Out& out, const DIn& d_in,
                 const DParameters& d_parameters = nullptr) {
  LayerRun run(std::move(layer), input, batch);
  run.forward();
  check_run(run, out, d_in, d_parameters);
}

}  // namespace

TEST_CASE("golden: dense") {
  check_layer(DenseSpec{.units = 4}, {5}, 3, golden::dense_out, golden::dense_d_in,
              golden::dense_d_parameters);
}

TEST_CASE("golden: upsample2d") {
  check_layer(Upsample2dSpec{}, {3, 2, 3}, 2, golden::upsample2d_out, golden::upsample2d_d_in);
}

TEST_CASE("golden: conv_transpose2d") {
  check_layer(ConvTranspose2dSpec{.filters = 3}, {3, 4, 2}, 2, golden::conv_transpose2d_same_out,
              golden::conv_transpose2d_same_d_in, golden::conv_transpose2d_same_d_parameters);
  check_layer(ConvTranspose2dSpec{.filters = 2, .kernel = 3, .output_padding = 1}, {3, 2, 2}, 1,
              golden::conv_transpose2d_output_padding_out,
              golden::conv_transpose2d_output_padding_d_in,
              golden::conv_transpose2d_output_padding_d_parameters);
  check_layer(
      ConvTranspose2dSpec{.filters = 2, .kernel = 5, .stride = 3, .padding = Padding::kValid},
      {2, 3, 3}, 1, golden::conv_transpose2d_valid_out, golden::conv_transpose2d_valid_d_in,
      golden::conv_transpose2d_valid_d_parameters);
}

TEST_CASE("golden: conv2d") {
  check_layer(Conv2dSpec{.filters = 3}, {5, 4, 2}, 2, golden::conv2d_same_out,
              golden::conv2d_same_d_in, golden::conv2d_same_d_parameters);
  check_layer(Conv2dSpec{.filters = 3, .kernel = 4, .stride = 2}, {6, 4, 2}, 2,
              golden::conv2d_even_out, golden::conv2d_even_d_in, golden::conv2d_even_d_parameters);
  check_layer(Conv2dSpec{.filters = 3, .stride = 2}, {6, 5, 2}, 2, golden::conv2d_same_stride2_out,
              golden::conv2d_same_stride2_d_in, golden::conv2d_same_stride2_d_parameters);
  check_layer(Conv2dSpec{.filters = 4, .kernel = 5, .padding = Padding::kValid}, {6, 7, 1}, 2,
              golden::conv2d_valid_out, golden::conv2d_valid_d_in,
              golden::conv2d_valid_d_parameters);
  check_layer(Conv2dSpec{.filters = 2, .stride = 3, .padding = Padding::kValid}, {7, 8, 3}, 1,
              golden::conv2d_valid_stride3_out, golden::conv2d_valid_stride3_d_in,
              golden::conv2d_valid_stride3_d_parameters);
}

TEST_CASE("golden: max_pool2d") {
  check_layer(MaxPool2dSpec{}, {5, 5, 3}, 2, golden::max_pool2d_same_out,
              golden::max_pool2d_same_d_in);
  check_layer(MaxPool2dSpec{{.size = 3, .stride = 2, .padding = Padding::kValid}}, {7, 6, 2}, 2,
              golden::max_pool2d_valid_out, golden::max_pool2d_valid_d_in);
}

TEST_CASE("golden: average_pool2d") {
  check_layer(AveragePool2dSpec{}, {5, 5, 3}, 2, golden::average_pool2d_same_out,
              golden::average_pool2d_same_d_in);
  check_layer(AveragePool2dSpec{{.size = 3, .stride = 1}}, {4, 5, 2}, 2,
              golden::average_pool2d_overlapping_out, golden::average_pool2d_overlapping_d_in);
}

TEST_CASE("golden: activations and softmax") {
  check_layer(ReluSpec{}, {7}, 4, golden::relu_out, golden::relu_d_in);
  check_layer(LeakyReluSpec{0.2}, {7}, 4, golden::leaky_relu_out, golden::leaky_relu_d_in);
  check_layer(SigmoidSpec{}, {7}, 4, golden::sigmoid_out, golden::sigmoid_d_in);
  check_layer(TanhSpec{}, {7}, 4, golden::tanh_out, golden::tanh_d_in);
  check_layer(SoftmaxSpec{}, {7}, 4, golden::softmax_out, golden::softmax_d_in);
}

TEST_CASE("golden: simple_rnn") {
  check_layer(SimpleRnnSpec{{.units = 5, .return_sequences = true}}, {4, 3}, 2,
              golden::simple_rnn_tanh_out, golden::simple_rnn_tanh_d_in,
              golden::simple_rnn_tanh_d_parameters);
  check_layer(SimpleRnnSpec{{.units = 5, .return_sequences = true}, RecurrentActivation::kRelu},
              {4, 3}, 2, golden::simple_rnn_relu_out, golden::simple_rnn_relu_d_in,
              golden::simple_rnn_relu_d_parameters);
}

TEST_CASE("golden: lstm") {
  check_layer(LstmSpec{{.units = 5, .return_sequences = true}}, {4, 3}, 2, golden::lstm_out,
              golden::lstm_d_in, golden::lstm_d_parameters);
  check_layer(LstmSpec{{.units = 5}}, {4, 3}, 2, golden::lstm_last_out, golden::lstm_last_d_in,
              golden::lstm_last_d_parameters);
  check_layer(LstmSpec{{.units = 5, .return_sequences = true, .bidirectional = true}}, {4, 3}, 2,
              golden::lstm_bidirectional_out, golden::lstm_bidirectional_d_in,
              golden::lstm_bidirectional_d_parameters);
}

TEST_CASE("golden: gru") {
  check_layer(GruSpec{{.units = 5, .return_sequences = true}}, {4, 3}, 2, golden::gru_out,
              golden::gru_d_in, golden::gru_d_parameters);
  check_layer(GruSpec{{.units = 5}}, {4, 3}, 2, golden::gru_last_out, golden::gru_last_d_in,
              golden::gru_last_d_parameters);
  check_layer(GruSpec{{.units = 5, .bidirectional = true}}, {4, 3}, 2,
              golden::gru_bidirectional_last_out, golden::gru_bidirectional_last_d_in,
              golden::gru_bidirectional_last_d_parameters);
}

TEST_CASE("golden: batch_norm, both modes and its running statistics") {
  LayerRun run(BatchNormSpec{}, {3, 2, 3}, 4);
  run.forward();
  check_run(run, golden::batch_norm_out, golden::batch_norm_d_in, golden::batch_norm_d_parameters);
  run.forward(5);
  Doubles running = list(golden::batch_norm_running_mean);
  const Doubles variance = list(golden::batch_norm_running_variance);
  running.insert(running.end(), variance.begin(), variance.end());
  const auto state = run.network.state();
  check_close(Floats(state.begin(), state.end()), running, 1e-6);

  run.mode = Mode::kInference;
  run.forward();
  check_run(run, golden::batch_norm_inference_out, golden::batch_norm_inference_d_in,
            golden::batch_norm_inference_d_parameters);
  check_close(Floats(state.begin(), state.end()), running, 1e-6);
}

}  // namespace kernelgarten::test
