#include "engine/train/resumable.hpp"

#include "engine/data/noisy_wave.hpp"
#include "engine/tensor/check.hpp"
#include "engine/train/forecaster.hpp"
#include "engine/train/language_model.hpp"
#include "tests/engine/train/checkpoints.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

constexpr OptimizerSpec kMomentum{
    .type = OptimizerType::kSgd, .learning_rate = 0.05, .momentum = 0.9};
constexpr OptimizerSpec kRmsProp{.type = OptimizerType::kRmsProp, .learning_rate = 0.003};
constexpr OptimizerSpec kAdam{.type = OptimizerType::kAdam, .learning_rate = 0.01};

Classifier digits(const OptimizerSpec& optimizer, std::uint32_t images = 40, Index batch = 12) {
  const NetworkSpec network{{10, 10, 1},
                            {Conv2dSpec{.filters = 4}, BatchNormSpec{}, ReluSpec{}, MaxPool2dSpec{},
                             FlattenSpec{}, DropoutSpec{0.2}, DenseSpec{10}},
                            1};
  const auto train = bar_images(images).shared();
  return Classifier(train, train, network,
                    training_of(batch, Loss::kSoftmaxCrossEntropy, optimizer));
}

std::string babble(int count, char first) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(first + i * i % 7 + i % 3);
  return text;
}

struct Reading {
  std::vector<LayerSpec> recurrent;
  OptimizerSpec optimizer = kAdam;
  Index steps = 5;
  Index streams = 3;
  char first = 'a';
  int characters = 150;
};

LanguageModel reader(const Reading& reading = {{GruSpec{every_step(6)}}}) {
  const auto text =
      std::make_shared<Text>(Text::from_utf8(babble(reading.characters, reading.first)));
  const Index vocabulary = text->vocabulary().size();
  NetworkSpec network{{reading.steps}, {EmbeddingSpec{vocabulary, 4}}, 1};
  for (const LayerSpec& layer : reading.recurrent) network.layers.push_back(layer);
  network.layers.push_back(DropoutSpec{0.1});
  network.layers.push_back(DenseSpec{vocabulary});
  return LanguageModel(text, 0.3, network,
                       training_of(reading.streams, Loss::kSoftmaxCrossEntropy, reading.optimizer));
}

/// All that a few steps show and leave behind.
template <class Model>
Doubles steps_of(Model& model, int count) {
  Doubles row;
  for (int i = 0; i < count; ++i) {
    const StepMetrics metrics = model.step();
    row.insert(row.end(), {double(metrics.step), double(metrics.epoch), double(metrics.batch),
                           double{metrics.loss}, metrics.gradient_norm});
  }
  for (const float value : model.network().parameters()) row.push_back(double{value});
  for (const float value : model.network().state()) row.push_back(double{value});
  return row;
}

/// `make` gives a fresh model; `before` steps end in the midst of an epoch.
template <class Make>
void check_resumes(Make make, int before) {
  constexpr int kAfter = 9;
  auto uninterrupted = make();
  steps_of(uninterrupted, before - 1);
  uninterrupted.set_learning_rate(0.007);
  steps_of(uninterrupted, 1);
  const Bytes checkpoint = uninterrupted.checkpoint();
  auto resumed = make();
  resumed.restore(checkpoint);
  CHECK(resumed.checkpoint() == checkpoint);
  CHECK(resumed.learning_rate() == 0.007);
  const Doubles expected = steps_of(uninterrupted, kAfter);
  CHECK(steps_of(resumed, kAfter) == expected);
  // Into one that has gone elsewhere, too.
  resumed.restore(checkpoint);
  CHECK(steps_of(resumed, kAfter) == expected);
}

template <class Make>
void check_step_in_progress(Make make, int before) {
  auto model = make(), resumed = make();
  steps_of(model, before);
  const Bytes checkpoint = model.checkpoint();
  REQUIRE_FALSE(model.advance_step());
  CHECK(model.checkpoint() == checkpoint);
  const Doubles expected = steps_of(model, 2);
  REQUIRE_FALSE(resumed.advance_step());
  resumed.restore(checkpoint);
  CHECK(steps_of(resumed, 2) == expected);
}

}  // namespace

TEST_CASE("checkpoint: a classifier goes on in the midst of an epoch, bit for bit") {
  for (const OptimizerSpec& optimizer : {kMomentum, kRmsProp, kAdam}) {
    // Four batches an epoch.
    check_resumes([&] { return digits(optimizer); }, 6);
    check_resumes([&] { return digits(optimizer); }, 4);
  }
}

TEST_CASE("checkpoint: a forecaster goes on in the midst of an epoch, bit for bit") {
  const NetworkSpec network{{8, 1}, {LstmSpec{every_step(6)}, DenseSpec{1}}, 1};
  const auto make = [&] {
    return Forecaster(noisy_wave(100, 0.1, 3), 0.3, network,
                      training_of(16, Loss::kMeanSquaredError, kAdam));
  };
  // Four batches an epoch.
  check_resumes(make, 6);
}

TEST_CASE("checkpoint: a language model goes on in the midst of an epoch, bit for bit") {
  for (const OptimizerSpec& optimizer : {kMomentum, kAdam}) {
    for (const std::vector<LayerSpec>& cells :
         {std::vector<LayerSpec>{LstmSpec{every_step(6)}},
          std::vector<LayerSpec>{GruSpec{every_step(6)}},
          std::vector<LayerSpec>{LstmSpec{every_step(5)}, GruSpec{every_step(4)}}}) {
      check_resumes([&] { return reader({cells, optimizer}); }, 10);
    }
  }
}

TEST_CASE("checkpoint: what is carried from window to window is part of it") {
  LanguageModel model = reader({{LstmSpec{every_step(6)}}});
  steps_of(model, 3);
  const Bytes checkpoint = model.checkpoint();
  const float loss = model.step().loss;
  model.restore(checkpoint);
  CHECK(model.step().loss == loss);
  model.restore(with_values(checkpoint, "carried", 0.0f));
  CHECK(model.step().loss != loss);
}

TEST_CASE("checkpoint: a fresh model's is that of where it starts") {
  check_resumes([] { return digits(kAdam); }, 1);
  Classifier trained = digits(kAdam), fresh = digits(kAdam);
  const Bytes start = fresh.checkpoint();
  steps_of(trained, 5);
  trained.restore(start);
  CHECK(steps_of(trained, 5) == steps_of(fresh, 5));
}

TEST_CASE("checkpoint: a step in progress is not part of it, and ends where another is restored") {
  const auto data = bar_images(96, 28).shared();
  const NetworkSpec network{
      {28, 28, 1},
      {Conv2dSpec{.filters = 8, .kernel = 5}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{10}},
      1};
  // Two batches an epoch: the step in progress is the last of one, and the first of the next.
  for (const int before : {1, 2}) {
    check_step_in_progress([&] { return Classifier(data, data, network, training_of(48)); },
                           before);
  }
  const std::vector<LayerSpec> cells{LstmSpec{every_step(32)}, GruSpec{every_step(24)}};
  check_step_in_progress([&] { return reader({cells, kAdam, 40, 24, 'a', 3000}); }, 1);
}

TEST_CASE("checkpoint: parts have the names of layers and parameters") {
  Classifier model = digits(kAdam);
  const Bytes file = model.checkpoint();
  const Safetensors content = read_safetensors(file);
  CHECK(content.metadata.at("model") == "classifier");
  std::vector<std::string> names;
  for (const auto& [name, tensor] : content.tensors) names.push_back(name);
  CHECK(names == std::vector<std::string>{
                     "batch_norm_1.scale", "batch_norm_1.shift", "batch_norm_1.state", "batches",
                     "conv2d_1.bias", "conv2d_1.weight", "dense_1.bias", "dense_1.weight",
                     "optimizer.beta1_power", "optimizer.beta2_power", "optimizer.learning_rate",
                     "optimizer.mean", "optimizer.mean_square", "steps"});
  CHECK(content.tensors.at("conv2d_1.weight").shape == Shape{3, 3, 1, 4});

  const auto data = bar_images(20).shared();
  const Classifier twins(data, data, {{100}, {{DenseSpec{4}, "twin"}, {DenseSpec{10}, "twin"}}},
                         training_of(5));
  CHECK_THROWS_WITH_AS(twins.checkpoint(), Contains("[twin.weight]"), InvalidArgument);
}

TEST_CASE("checkpoint: one of other data, another network or optimizer is refused by name") {
  Classifier model = digits(kAdam);
  model.step();
  const auto classifier_refusal = [&](const Bytes& checkpoint) {
    return refusal<InvalidArgument>(model, checkpoint);
  };
  CHECK(classifier_refusal(digits(kAdam, 41).checkpoint()) == Contains("examples must be '40'"));
  CHECK(classifier_refusal(digits(kAdam, 40, 11).checkpoint()) ==
        Contains("batch_size must be '12'"));
  CHECK(classifier_refusal(digits(kRmsProp).checkpoint()) ==
        Contains("[optimizer.mean] the checkpoint does not have it"));
  CHECK(classifier_refusal(reader().checkpoint()) ==
        Contains("model must be 'classifier' as in this model, got 'language_model'"));
  Classifier other = digits(kRmsProp);
  CHECK(refusal<InvalidArgument>(other, model.checkpoint()) == Contains("but this network"));

  const std::vector<LayerSpec> gru{GruSpec{every_step(6)}};
  LanguageModel language_model = reader();
  language_model.step();
  const auto text_refusal = [&](const Reading& reading) {
    return refusal<InvalidArgument>(language_model, reader(reading).checkpoint());
  };
  CHECK(text_refusal({gru, kAdam, 4}) == Contains("steps_of_window must be '5'"));
  CHECK(text_refusal({gru, kAdam, 5, 2}) == Contains("batch_size"));
  CHECK(text_refusal({gru, kAdam, 5, 3, 'b'}) == Contains("vocabulary must be 'abc"));
  CHECK(text_refusal({gru, kAdam, 5, 3, 'a', 200}) == Contains("windows"));
  CHECK(text_refusal({{GruSpec{every_step(7)}}}) ==
        Contains("[gru_1.input_weight] expected F32 (4 x "));
  CHECK(text_refusal({{LstmSpec{every_step(6)}}}) == Contains("[gru_1.input_weight]"));
}

TEST_CASE("checkpoint: a number out of its range is refused") {
  Classifier model = digits(kAdam);
  const Bytes good = model.checkpoint();
  const auto message = [&](const char* name, auto value) {
    return refusal<InvalidData>(model, with_values(good, name, value));
  };
  CHECK(message("batches", std::int64_t{-1}) ==
        Contains("[batches] expected a number from 0 to 1073741824, got -1"));
  CHECK(message("steps", std::int64_t{1} << 62) == Contains("[steps]"));
  CHECK(message("optimizer.learning_rate", 101.0) == Contains("got 101"));
  CHECK(message("optimizer.learning_rate", std::nan("")) == Contains("[optimizer.learning_rate]"));
  CHECK(message("optimizer.beta1_power", -0.5) == Contains("got -0.5"));
  LanguageModel language_model = reader();
  const auto windows = std::int64_t{language_model.batches_per_epoch()};
  CHECK(refusal<InvalidData>(language_model, with_values(language_model.checkpoint(), "window",
                                                         windows)) == Contains("[window]"));
}

TEST_CASE("checkpoint: a spoilt one is refused whole, or taken; what is refused changes nothing") {
  LanguageModel model = reader();
  model.step();
  const Bytes good = model.checkpoint();
  for (std::size_t size = 0; size < good.size(); size += 7) {
    const Bytes part(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_THROWS_AS(model.restore(part), InvalidData);
  }
  int refused = 0;
  for (std::size_t place = 0; place < good.size(); place += 3) {
    Bytes spoilt = good;
    spoilt[place] ^= static_cast<std::uint8_t>(1 << place % 8);
    try {
      model.restore(spoilt);
      CHECK(model.checkpoint() == spoilt);
    } catch (const std::invalid_argument&) {
      CHECK(model.checkpoint() == good);
      ++refused;
    }
    model.restore(good);
  }
  CHECK(refused > 100);
}

}  // namespace kernelgarten::test
