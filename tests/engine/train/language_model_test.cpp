#include "engine/train/language_model.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

/// "abcabc...": after three characters everything is known.
std::shared_ptr<const Text> alphabet_text(Index count, Index letters = 3) {
  std::string text;
  for (Index i = 0; i < count; ++i) text += static_cast<char>('a' + i % letters);
  return std::make_shared<Text>(Text::from_utf8(text));
}

NetworkSpec reading(LayerSpec recurrent, Index steps, Index vocabulary) {
  return {{steps}, {EmbeddingSpec{vocabulary, 8}, std::move(recurrent), DenseSpec{vocabulary}}, 1};
}

/// Two different cells above an embedding of 6 numbers.
NetworkSpec stacked(Index steps, Index vocabulary) {
  return {{steps},
          {EmbeddingSpec{vocabulary, 6}, LstmSpec{every_step(7)}, GruSpec{every_step(5)},
           DenseSpec{vocabulary}},
          2};
}

}  // namespace

TEST_CASE("language model: foresees a text it can know by heart, with every cell") {
  const auto text = alphabet_text(400);
  for (const LayerSpec& recurrent :
       {LayerSpec(SimpleRnnSpec{every_step(12)}), LayerSpec(LstmSpec{every_step(12)}),
        LayerSpec(GruSpec{every_step(12)})}) {
    LanguageModel model(text, 0.1, reading(recurrent, 5, 3), training_of(4));
    const double before = model.evaluate(Split::kTest).loss;
    CHECK(before == doctest::Approx(std::log(3.0)).epsilon(0.5));
    for (int step = 0; step < 150; ++step) model.step();
    const TextEvaluation& after = model.evaluate(Split::kTest);
    CHECK(after.loss < 0.05);
    // The first characters of each stream cannot be known before anything was read.
    CHECK(after.accuracy > 0.97);
    TextWriter& writer = model.writer();
    writer.forget(1);
    writer.read("abcab");
    CHECK(writer.write(7, {.temperature = 0.0}) == "cabcabc");
    CHECK(writer.write(4, {.temperature = 0.0}) == "abca");
  }
}

TEST_CASE("language model: what is carried tells what came before a window") {
  // After an "a" comes an "a" or a "b": in windows of one character only the carried state knows.
  std::string pattern;
  for (int i = 0; i < 120; ++i) pattern += "aabb";
  const auto text = std::make_shared<Text>(Text::from_utf8(pattern));
  LanguageModel model(text, 0.2, reading(LstmSpec{every_step(12)}, 1, 2), training_of(2));
  for (int step = 0; step < 600; ++step) model.step();
  CHECK(model.evaluate(Split::kTest).accuracy > 0.95);
}

TEST_CASE("language model: the mean loss of an evaluation is that of single characters read on") {
  const auto text = alphabet_text(61, 5);
  LanguageModel model(text, 0.5, reading(GruSpec{every_step(6)}, 4, 5), training_of(1));
  model.step();
  const TextEvaluation& evaluation = model.evaluate(Split::kTest);
  CHECK(evaluation.count == 28);
  TextWriter& writer = model.writer();
  writer.forget(0);
  double sum = 0.0;
  const auto symbols = text->symbols().subspan(30);
  for (std::size_t i = 0; i < 28; ++i) {
    writer.read(std::string(1, static_cast<char>('a' + symbols[i])));
    sum -= std::log(static_cast<double>(writer.probabilities()[symbols[i + 1]]));
  }
  CHECK(evaluation.loss == doctest::Approx(sum / 28.0).epsilon(1e-5));
}

TEST_CASE("language model: the same bits with any number of threads, epochs and all") {
  const auto text = alphabet_text(700, 7);
  const NetworkSpec network{{9},
                            {EmbeddingSpec{7, 16}, LstmSpec{every_step(40)}, DropoutSpec{0.2},
                             GruSpec{every_step(40)}, DenseSpec{7}},
                            3};
  const auto run = [&](int threads) {
    LanguageModel model(text, 0.2, network, training_of(24), std::make_shared<ThreadPool>(threads));
    Floats row;
    for (int step = 0; step < 5; ++step) {
      const StepMetrics metrics = model.step();
      row.insert(row.end(), {metrics.loss, metrics.accuracy, static_cast<float>(metrics.epoch),
                             static_cast<float>(metrics.batch)});
      if (step == 1) row.push_back(static_cast<float>(model.evaluate(Split::kTest).loss));
    }
    row.push_back(static_cast<float>(model.evaluate(Split::kTrain).loss));
    const auto parameters = model.network().parameters();
    row.insert(row.end(), parameters.begin(), parameters.end());
    return row;
  };
  const Floats alone = run(1);
  for (const int threads : {2, 3, 8}) CHECK(run(threads) == alone);
  // Two windows an epoch.
  CHECK(Floats(alone.begin() + 2, alone.begin() + 4) == Floats{1, 1});
}

TEST_CASE("language model: sampling is seeded, and top k and temperature do what they say") {
  const auto text = alphabet_text(400, 6);
  LanguageModel model(text, 0.1, reading(LstmSpec{every_step(8)}, 5, 6), training_of(4));
  TextWriter& writer = model.writer();
  const auto sample = [&](std::uint32_t seed, const Sampling& sampling) {
    writer.forget(seed);
    return writer.write(200, sampling);
  };
  CHECK(sample(1, {}) == sample(1, {}));
  CHECK(sample(1, {}) != sample(2, {}));
  CHECK(sample(1, {.top_k = 1}) == sample(1, {.temperature = 0.0}));
  CHECK(sample(1, {.temperature = 1.0, .top_k = 99}) == sample(1, {}));

  // An untrained network is unsure: drawn often enough, each character comes as often as it should.
  writer.forget(3);
  writer.read("ab");
  const std::vector<float> wanted(writer.probabilities().begin(), writer.probabilities().end());
  std::vector<double> drawn(6, 0.0);
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    writer.forget(static_cast<std::uint32_t>(i));
    writer.read("ab");
    drawn[static_cast<std::size_t>(writer.write(1, {})[0] - 'a')] += 1.0 / kDraws;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    const auto p = static_cast<double>(wanted[i]);
    CHECK(std::fabs(drawn[i] - p) < 5.0 * std::sqrt(p * (1.0 - p) / kDraws));
  }
}

TEST_CASE("language model: looks into a text as its writer reads it, whatever the window") {
  const auto text = alphabet_text(200, 5);
  LanguageModel model(text, 0.2, stacked(4, 5), training_of(3));
  for (int step = 0; step < 20; ++step) model.step();
  TextWriter& writer = model.writer();
  writer.forget(1);
  writer.read("ea");
  const Floats read(writer.probabilities().begin(), writer.probabilities().end());
  for (const std::string seen : {"a", "abc", "abcdeabcdeab"}) {
    const TextInspection inspection = model.inspect(seen);
    CHECK(std::ranges::equal(writer.probabilities(), read));
    Floats expected{0.2f};
    TextWriter& other = model.writer();
    other.forget(1);
    for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
      other.read(seen.substr(i, 1));
      expected.push_back(other.probabilities()[static_cast<std::size_t>(seen[i + 1] - 'a')]);
    }
    check_close(inspection.probabilities, expected, 1e-6);
    other.forget(1);
    other.read("ea");
    REQUIRE(inspection.layers.size() == 4);
    CHECK(inspection.layers[0].shape == Shape{static_cast<Index>(seen.size()), 6});
    CHECK(inspection.layers[0].gradient.empty());
    CHECK(inspection.layers[1].traces.front().name == "hidden");
    CHECK(inspection.layers[1].traces.back().name != "hidden_gradient");
  }
}

TEST_CASE("language model: the gradient of a prediction tells on which characters it depends") {
  const auto text = alphabet_text(200, 5);
  LanguageModel model(text, 0.2, stacked(4, 5), training_of(3));
  for (int step = 0; step < 20; ++step) model.step();
  const std::string_view seen = "abcde";
  constexpr Index kTarget = 3, kUnits = 6;
  const auto layers = model.inspect(seen, kTarget).layers;
  const Floats& gradient = layers[0].gradient;
  REQUIRE(gradient.size() == 5 * kUnits);
  // Each character occurs once: its row of the embedding's table is that step's output.
  const std::span<float> table = model.network().parameters();
  const auto loss = [&] {
    return -std::log(static_cast<double>(model.inspect(seen).probabilities[kTarget]));
  };
  Doubles numeric;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    constexpr float kEps = 1e-2f;
    const float centre = table[i];
    table[i] = centre + kEps;
    const double above = loss();
    table[i] = centre - kEps;
    numeric.push_back((above - loss()) / (2.0 * static_cast<double>(kEps)));
    table[i] = centre;
  }
  check_close(gradient, numeric, 1e-3);
  for (Index i = 0; i < 5; ++i) {
    const Floats row(gradient.begin() + i * kUnits, gradient.begin() + (i + 1) * kUnits);
    CAPTURE(i);
    CHECK((row == Floats(kUnits, 0.0f)) == (i >= kTarget));
  }
  const Trace& inside = layers[1].traces.back();
  CHECK(inside.name == "hidden_gradient");
  CHECK(std::all_of(inside.values.begin() + kTarget * 7, inside.values.end(),
                    [](float value) { return value == 0.0f; }));
}

TEST_CASE("language model: looking does not change what training does, in the midst of a step") {
  const auto text = alphabet_text(1300, 7);
  const NetworkSpec network{
      {40},
      {EmbeddingSpec{7, 8}, LstmSpec{every_step(32)}, GruSpec{every_step(24)}, DenseSpec{7}},
      3};
  LanguageModel watched(text, 0.2, network, training_of(24));
  LanguageModel alone(text, 0.2, network, training_of(24));
  int between = 0;
  for (int step = 0; step < 2; ++step) {
    const TextInspection before = watched.inspect("abcdefg", 6);
    std::optional<StepMetrics> metrics;
    while (!(metrics = watched.advance_step())) {
      ++between;
      const TextInspection during = watched.inspect("abcdefg", 6);
      CHECK(during.probabilities == before.probabilities);
      CHECK(during.layers[0].gradient == before.layers[0].gradient);
    }
    CHECK(metrics->loss == alone.step().loss);
  }
  CHECK(between > 0);
  CHECK(std::ranges::equal(watched.network().parameters(), alone.network().parameters()));
  CHECK(std::ranges::equal(watched.network().gradients(), alone.network().gradients()));
  CHECK(watched.memory() == alone.memory());
}

TEST_CASE("language model: says what it expected of a text to look into") {
  LanguageModel model(alphabet_text(100), 0.1, stacked(4, 3), training_of(2));
  const auto refusal = [&](const std::string& seen, std::optional<Index> target = std::nullopt) {
    return message_of<InvalidArgument>([&] { model.inspect(seen, target); });
  };
  CHECK(refusal("") == Contains("1 to 2000 characters, got 0"));
  CHECK(refusal(std::string(2001, 'a')) == Contains("got 2001"));
  CHECK(model.inspect(std::string(2000, 'a')).probabilities.size() == 2000);
  for (const Index target : {-1, 0, 3}) {
    CHECK(refusal("abc", target) == Contains(concat("from 1 to 2, got ", target).c_str()));
  }
  CHECK(message_of<InvalidData>([&] { model.inspect("abz"); }) == Contains("'z' does not occur"));
  CHECK(message_of<InvalidData>([&] { model.inspect("ab\xff"); }) == Contains("byte 2"));
}

TEST_CASE("language model: says what it expected") {
  const auto text = alphabet_text(100);
  const NetworkSpec good = reading(LstmSpec{every_step(4)}, 5, 3);
  const auto message = [&](const NetworkSpec& network, Index streams, double share = 0.1) {
    return message_of<InvalidArgument>(
        [&] { LanguageModel model(text, share, network, training_of(streams)); });
  };
  CHECK(message(good, 20) ==
        Contains("the part to train on has 90 characters; expected at least 101"));
  CHECK(message(good, 1, 0.01) == Contains("the part for validation has 1 characters"));
  CHECK(message(good, 1, 1.5) == Contains("above 0 and below 1, got 1.5"));
  CHECK(message(reading(LstmSpec{every_step(4)}, 5, 4), 2) == Contains("[dense_1]"));
  CHECK(message(reading(LstmSpec{{.units = 4}}, 5, 3), 2) == Contains("5 x 3"));
  CHECK(message({{4, 4}, {LstmSpec{{.units = 3}}}, 1}, 2) == Contains("[input]"));
  LanguageModel model(text, 0.1, good, training_of(2));
  CHECK(message_of<InvalidData>([&] { model.writer().read("abz"); }) ==
        Contains("'z' does not occur"));
  CHECK(message_of<InvalidArgument>([&] { model.writer().write(1, {.temperature = -1.0}); }) ==
        Contains("temperature"));
  CHECK(message_of<InvalidArgument>([&] {
          model.writer().write(1, {.temperature = std::nan("")});
        }) == Contains("temperature"));
}

TEST_CASE("language model: an exploding loss names the layer and leaves the weights") {
  const auto text = alphabet_text(200);
  LanguageModel model(text, 0.1, reading(LstmSpec{every_step(4)}, 5, 3), training_of(2));
  model.step();
  model.network().parameters_of(model.network().stages()[1])[0] = kNaN;
  CHECK(message_of<NonFinite>([&] { model.step(); }) == Contains("[lstm_1]"));
}

}  // namespace kernelgarten::test
