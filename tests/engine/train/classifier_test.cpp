#include "engine/train/classifier.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

Floats parameters_of(Classifier& classifier) {
  const auto values = classifier.network().parameters();
  return {values.begin(), values.end()};
}

/// A network with every source of randomness and running state.
NetworkSpec lively_network() {
  NetworkSpec spec = small_cnn();
  spec.layers.insert(spec.layers.begin() + 1, BatchNormSpec{});
  spec.layers.insert(spec.layers.begin() + 5, DropoutSpec{0.2});
  return spec;
}

/// So much work for each example that a step of 32 has several parts.
NetworkSpec heavy_network(bool normalised) {
  NetworkSpec spec{{28, 28, 1}, {Conv2dSpec{.filters = 24, .kernel = 9}}, 1};
  if (normalised) spec.layers.push_back(BatchNormSpec{});
  for (const LayerSpec& layer : {LayerSpec{ReluSpec{}}, LayerSpec{MaxPool2dSpec{}},
                                 LayerSpec{FlattenSpec{}}, LayerSpec{DenseSpec{10}}}) {
    spec.layers.push_back(layer);
  }
  return spec;
}

void expect_error(const NetworkSpec& network, const TrainingSpec& training, const char* message) {
  const auto data = bar_images(20).shared();
  CHECK_THROWS_WITH_AS(Classifier(data, data, network, training), Contains(message),
                       InvalidArgument);
}

}  // namespace

TEST_CASE("classifier: steps count batches and epochs") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(8));
  CHECK(classifier.batches_per_epoch() == 3);
  for (Index step = 1; step <= 7; ++step) {
    const StepMetrics metrics = classifier.step();
    CHECK(metrics.step == step);
    CHECK(metrics.epoch == (step + 2) / 3);
    CHECK(metrics.batch == (step - 1) % 3 + 1);
    CHECK(metrics.loss > 0.0f);
    CHECK(metrics.gradient_norm > 0.0);
    CHECK(metrics.accuracy >= 0.0f);
    CHECK(metrics.accuracy <= 1.0f);
  }
}

TEST_CASE("classifier: same seed same bits, another seed another run") {
  const auto data = bar_images(40).shared();
  const auto run = [&](std::uint32_t network_seed, std::uint32_t order_seed) {
    NetworkSpec network = lively_network();
    network.seed = network_seed;
    TrainingSpec training = training_of(16);
    training.seed = order_seed;
    Classifier classifier(data, data, network, training);
    Floats trace;
    for (int step = 0; step < 7; ++step) trace.push_back(classifier.step().loss);
    const Floats parameters = parameters_of(classifier);
    trace.insert(trace.end(), parameters.begin(), parameters.end());
    return trace;
  };
  CHECK(run(1, 1) == run(1, 1));
  CHECK(run(1, 1) != run(2, 1));
  CHECK(run(1, 1) != run(1, 2));
}

TEST_CASE("classifier: looking does not change what training does") {
  const auto data = bar_images(40).shared();
  Classifier watched(data, data, lively_network(), training_of(16));
  Classifier alone(data, data, lively_network(), training_of(16));
  for (int step = 0; step < 5; ++step) {
    watched.evaluate(Split::kTest);
    watched.predict(data->image(3));
    watched.inspect(data->image(4), std::uint8_t{4});
    CHECK(watched.step().loss == alone.step().loss);
  }
  watched.inspect(data->image(4), std::uint8_t{4});
  CHECK(std::ranges::equal(watched.network().gradients(), alone.network().gradients()));
  CHECK(parameters_of(watched) == parameters_of(alone));
}

TEST_CASE("classifier: a step in parts is the same step, and nothing shows before its end") {
  const auto data = bar_images(64, 28).shared();
  for (const bool normalised : {false, true}) {
    const NetworkSpec spec = heavy_network(normalised);
    Classifier parts(data, data, spec, training_of(32)), whole(data, data, spec, training_of(32));
    for (int step = 1; step <= 2; ++step) {
      const Floats before = parameters_of(parts);
      const auto gradients = parts.network().gradients();
      const Floats gradients_before(gradients.begin(), gradients.end());
      const Floats prediction = parts.predict(data->image(1));
      int count = 0;
      std::optional<StepMetrics> metrics;
      while (!(metrics = parts.advance_step())) {
        ++count;
        CHECK(parameters_of(parts) == before);
        CHECK(std::ranges::equal(gradients, gradients_before));
        CHECK(parts.predict(data->image(1)) == prediction);
        if (count == 2) parts.evaluate(Split::kTest);
      }
      CHECK(count >= 3);
      const StepMetrics expected = whole.step();
      CHECK(metrics->step == step);
      CHECK(metrics->loss == expected.loss);
      CHECK(metrics->accuracy == expected.accuracy);
      CHECK(metrics->gradient_norm == expected.gradient_norm);
      CHECK(parameters_of(parts) == parameters_of(whole));
    }
  }
}

TEST_CASE("classifier: a finished step hands the batch's statistics to the network") {
  const LabelledImages images = bar_images(20);
  const auto data = images.shared();
  // With momentum 1 the running statistics are those of the newest batch, here all of the data.
  Classifier classifier(data, data,
                        {{10, 10, 1}, {BatchNormSpec{1.0}, FlattenSpec{}, DenseSpec{10}}, 1},
                        training_of(20));
  classifier.step();
  const double count = static_cast<double>(images.pixels.size());
  double mean = 0.0, squares = 0.0;
  for (const std::uint8_t pixel : images.pixels) mean += pixel / 255.0 / count;
  for (const std::uint8_t pixel : images.pixels) {
    squares += (pixel / 255.0 - mean) * (pixel / 255.0 - mean);
  }
  const auto state = classifier.network().state();
  check_close(Floats(state.begin(), state.end()), Doubles{mean, squares / (count - 1.0)}, 1e-6);
}

TEST_CASE("classifier: clipping limits what a step does, and reports the norm before") {
  const auto data = bar_images(20).shared();
  OptimizerSpec plain{.type = OptimizerType::kSgd, .learning_rate = 1.0};
  OptimizerSpec clipped = plain;
  clipped.clip_norm = 0.01;
  Classifier free(data, data, small_cnn(), training_of(20, Loss::kSoftmaxCrossEntropy, plain));
  Classifier held(data, data, small_cnn(), training_of(20, Loss::kSoftmaxCrossEntropy, clipped));
  const Floats before = parameters_of(held);
  CHECK(held.step().gradient_norm == free.step().gradient_norm);
  const Floats after = parameters_of(held);
  double squares = 0.0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    squares += std::pow(static_cast<double>(after[i]) - static_cast<double>(before[i]), 2);
  }
  CHECK(std::sqrt(squares) == doctest::Approx(0.01).epsilon(0.001));
}

TEST_CASE("classifier: the learning rate changes while running") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(20));
  classifier.step();
  const Floats before = parameters_of(classifier);
  classifier.set_learning_rate(0.0);
  CHECK(classifier.learning_rate() == 0.0);
  classifier.step();
  CHECK(parameters_of(classifier) == before);
  CHECK_THROWS_AS(classifier.set_learning_rate(-1.0), InvalidArgument);
  CHECK_THROWS_AS(classifier.set_learning_rate(std::nan("")), InvalidArgument);
}

TEST_CASE("classifier: predict and inspect show the same numbers") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(20));
  for (int step = 0; step < 5; ++step) classifier.step();
  Bytes two(data->image(0).begin(), data->image(0).end());
  two.insert(two.end(), data->image(7).begin(), data->image(7).end());
  const Floats probabilities = classifier.predict(two);
  REQUIRE(probabilities.size() == 20);
  // The product of one row sums in another order than that of two.
  check_close({probabilities.begin() + 10, probabilities.end()}, classifier.predict(data->image(7)),
              1e-6);
  double sum = 0.0;
  for (std::size_t i = 0; i < 10; ++i) sum += static_cast<double>(probabilities[i]);
  CHECK(sum == doctest::Approx(1.0));

  const auto layers = classifier.inspect(data->image(7), std::uint8_t{7});
  REQUIRE(layers.size() == 5);
  CHECK(layers[0].name == "conv2d_1");
  CHECK(layers[0].shape == Shape{10, 10, 4});
  CHECK(layers[0].activation.size() == 400);
  CHECK(layers[0].gradient.size() == 400);
  for (std::size_t i = 0; i < 400; ++i) {
    CHECK(layers[1].activation[i] == std::max(layers[0].activation[i], 0.0f));
  }
  // Softmax minus the one-hot label: the gradient at the logits.
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(layers[4].gradient[i] ==
          doctest::Approx(probabilities[10 + i] - (i == 7 ? 1.0f : 0.0f)).epsilon(1e-5));
  }
  CHECK(classifier.inspect(data->image(7), std::nullopt)[0].gradient.empty());
}

TEST_CASE("classifier: the answer after each row, and what a recurrent layer shows inside") {
  const auto data = bar_images(20).shared();
  const NetworkSpec rows{{10, 10}, {LstmSpec{{.units = 6}}, DenseSpec{10}}, 1};
  Classifier classifier(data, data, rows, training_of(20));
  for (int step = 0; step < 5; ++step) classifier.step();

  const Floats steps = classifier.predict_steps(data->image(7));
  REQUIRE(steps.size() == 100);
  check_close({steps.end() - 10, steps.end()}, classifier.predict(data->image(7)), 1e-6);
  // Rows of nothing below do not change what was answered before them.
  Bytes half(data->image(7).begin(), data->image(7).end());
  std::fill(half.begin() + 40, half.end(), std::uint8_t{0});
  const Floats before = classifier.predict_steps(half);
  CHECK(std::equal(before.begin(), before.begin() + 40, steps.begin()));

  const auto layers = classifier.inspect(data->image(7), std::uint8_t{7});
  std::vector<std::string> names;
  for (const Trace& trace : layers[0].traces) {
    names.push_back(trace.name);
    CHECK(trace.shape == Shape{10, 6});
  }
  CHECK(names == std::vector<std::string>{"hidden", "memory", "input_gate", "forget_gate",
                                          "candidate", "output_gate", "hidden_gradient"});
  const auto& traces = layers[0].traces;
  CHECK(Floats(traces[0].values.end() - 6, traces[0].values.end()) == layers[0].activation);
  CHECK(Floats(traces[6].values.end() - 6, traces[6].values.end()) == layers[0].gradient);
  CHECK(layers[1].traces.empty());
  CHECK(classifier.inspect(data->image(7), std::nullopt)[0].traces.size() == 6);

  Classifier at_once(data, data, small_cnn(), training_of(20));
  CHECK_THROWS_WITH_AS(at_once.predict_steps(data->image(7)), Contains("10 x 10 x 1"),
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(classifier.predict_steps(Bytes(99)), Contains("100"), InvalidArgument);
}

TEST_CASE("classifier: images and labels that do not fit are refused") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(20));
  CHECK_THROWS_WITH_AS(classifier.predict(Bytes(99)), Contains("100"), InvalidArgument);
  CHECK_THROWS_AS(classifier.predict(Bytes()), InvalidArgument);
  CHECK_THROWS_AS(classifier.inspect(Bytes(101), std::nullopt), InvalidArgument);
  CHECK_THROWS_AS(classifier.inspect(data->image(0), std::uint8_t{10}), InvalidArgument);
}

TEST_CASE("classifier: batch size 0, negative, or larger than the data") {
  expect_error(small_cnn(), training_of(0), "[training] batch size must be from 1 to 20");
  expect_error(small_cnn(), training_of(-3), "got -3");
  expect_error(small_cnn(), training_of(21), "got 21");
}

TEST_CASE("classifier: network, data and loss must fit each other") {
  NetworkSpec spec = small_cnn();
  spec.input = {28, 28, 1};
  expect_error(spec, training_of(8), "[input] the network expects 28 x 28 x 1, the images are 10");
  spec = small_cnn();
  spec.layers.back() = DenseSpec{3};
  expect_error(spec, training_of(8), "[dense_1] expected 10 outputs, one for each class, got 3");
  spec = small_cnn();
  spec.layers.push_back(SoftmaxSpec{});
  expect_error(spec, training_of(8), "[softmax_1]");
  expect_error(small_cnn(), training_of(8, Loss::kBinaryCrossEntropy), "[dense_1]");

  const auto train = bar_images(20).shared(), test = bar_images(20, 12).shared();
  CHECK_THROWS_WITH_AS(Classifier(train, test, small_cnn(), training_of(8)),
                       Contains("test images 12 x 12 x 1"), InvalidArgument);
}

}  // namespace kernelgarten::test
