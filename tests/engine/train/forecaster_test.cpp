#include "engine/train/forecaster.hpp"

#include <cstring>

#include "engine/data/noisy_wave.hpp"
#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/reference.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

Floats sine(Index count, double period) {
  Floats values(static_cast<std::size_t>(count));
  for (std::size_t t = 0; t < values.size(); ++t) {
    values[t] = static_cast<float>(std::sin(6.283185307179586 * static_cast<double>(t) / period));
  }
  return values;
}

NetworkSpec reading(LayerSpec recurrent, Index steps) {
  return {{steps, 1}, {std::move(recurrent), DenseSpec{1}}, 1};
}

TrainingSpec squared(Index batch_size, double learning_rate = 0.01) {
  return training_of(batch_size, Loss::kMeanSquaredError,
                     {.learning_rate = learning_rate, .clip_norm = 1.0});
}

/// The mean squared error of predictions of the values that follow.
double error_of(const Floats& predictions, const Floats& values, std::size_t first = 0) {
  double sum = 0.0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const double miss = double{predictions[i]} - double{values[first + i + 1]};
    sum += miss * miss;
  }
  return sum / static_cast<double>(predictions.size());
}

Floats start_of(const Floats& values, Index count) {
  return {values.begin(), values.begin() + count};
}

/// Some steps on a small wave.
struct Trained {
  Floats series = noisy_wave(160, 0.1, 3);
  Forecaster forecaster{series, 0.25, reading(LstmSpec{every_step(6)}, 8), squared(16)};

  Trained() {
    for (int step = 0; step < 12; ++step) forecaster.step();
  }
};

}  // namespace

TEST_CASE("forecaster: learns a sine, with every cell") {
  const Floats series = sine(600, 17.0);
  for (const LayerSpec& recurrent :
       {LayerSpec(SimpleRnnSpec{every_step(8)}), LayerSpec(LstmSpec{every_step(8)}),
        LayerSpec(GruSpec{every_step(8)})}) {
    Forecaster forecaster(series, 0.2, reading(recurrent, 24), squared(32, 0.02));
    CHECK(forecaster.evaluate(Split::kTest).loss > 0.1);
    for (int step = 0; step < 200; ++step) forecaster.step();
    // What comes after a single value can be one of two; later steps make up for it.
    CHECK(forecaster.evaluate(Split::kTest).loss < 0.012);
    const Floats after = forecaster.foresee(series);
    CHECK(error_of({after.begin() + 24, after.end() - 1}, series, 24) < 0.002);
    // A period without any sight of the truth.
    const Floats free = forecaster.forecast(start_of(series, 100), 17);
    CAPTURE(recurrent.type());
    CHECK(error_of(free, series, 99) < 0.1);
  }
}

TEST_CASE("forecaster: comes near the noise and not below it") {
  const Floats series = noisy_wave(1500, 0.1, 1);
  Forecaster forecaster(series, 0.2, reading(GruSpec{every_step(12)}, 40), squared(32));
  for (int step = 0; step < 250; ++step) forecaster.step();
  const ForecastEvaluation& evaluation = forecaster.evaluate(Split::kTest);
  CHECK(evaluation.step == 250);
  CHECK(evaluation.count == 280);
  CHECK(evaluation.loss < 0.02);
  CHECK(evaluation.loss > 0.009);
  CHECK(std::isnan(forecaster.step().accuracy));
}

TEST_CASE("forecaster: the first step has the loss of the plain equations, and its gradient") {
  constexpr Index kSteps = 5, kUnits = 3, kWindows = 4;
  const Floats series = random_values(16, 4);
  // Nine values to train on: four windows, all of them in one batch.
  Forecaster forecaster(series, 0.4, reading(SimpleRnnSpec{every_step(kUnits)}, kSteps),
                        training_of(kWindows, Loss::kMeanSquaredError));
  REQUIRE(forecaster.batches_per_epoch() == 1);
  const auto plain_loss = [&](const Doubles& parameters) {
    auto next = parameters.begin();
    const auto take = [&](Index count) {
      next += count;
      return Doubles(next - count, next);
    };
    reference::RecurrentWeights<double> cell;
    cell.w = take(kUnits);
    cell.u = take(kUnits * kUnits);
    cell.b = take(kUnits);
    cell.b_u = Doubles(kUnits, 0.0);
    const Doubles weight = take(kUnits), bias = take(1);
    double sum = 0.0;
    for (Index begin = 0; begin < kWindows; ++begin) {
      const Doubles window(series.begin() + begin, series.begin() + begin + kSteps);
      const Doubles nothing(kUnits, 0.0);
      const Doubles hidden = reference::recurrent("tanh", window, cell, nothing, nothing, kSteps);
      const Doubles wanted(series.begin() + begin + 1, series.begin() + begin + 1 + kSteps);
      sum += reference::mean_squared_error(reference::dense(hidden, weight, bias, kSteps), wanted);
    }
    return sum / kWindows;
  };
  const auto values = forecaster.network().parameters();
  Doubles parameters(values.begin(), values.end());
  CHECK(double{forecaster.step().loss} == doctest::Approx(plain_loss(parameters)).epsilon(1e-6));
  Doubles gradient(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    constexpr double kEps = 1e-5;
    const double centre = parameters[i];
    parameters[i] = centre + kEps;
    gradient[i] = plain_loss(parameters) / (2.0 * kEps);
    parameters[i] = centre - kEps;
    gradient[i] -= plain_loss(parameters) / (2.0 * kEps);
    parameters[i] = centre;
  }
  const auto computed = forecaster.network().gradients();
  check_close({computed.begin(), computed.end()}, gradient, 1e-5);
}

TEST_CASE("forecaster: the gradient of a batch cut in shards is the mean over its examples") {
  const NetworkSpec network{
      {20, 1}, {LstmSpec{every_step(40)}, GruSpec{every_step(40)}, DenseSpec{1}}, 1};
  REQUIRE(shard_count(Network(network), 24) == 2);
  REQUIRE(shard_count(Network(network), 12) == 1);
  const Floats series = noisy_wave(80, 0.1, 1);
  // Of 24 windows in `steps` batches; the weights stay where they are, as good as.
  const auto mean_gradient = [&](Index steps) {
    Forecaster forecaster(series, 0.45, network,
                          training_of(24 / steps, Loss::kMeanSquaredError,
                                      {.type = OptimizerType::kSgd, .learning_rate = 1e-9}));
    REQUIRE(forecaster.batches_per_epoch() == steps);
    Doubles mean(forecaster.network().gradients().size(), 0.0);
    for (Index step = 0; step < steps; ++step) {
      forecaster.step();
      std::ranges::transform(mean, forecaster.network().gradients(), mean.begin(),
                             [steps](double sum, float gradient) {
                               return sum + double{gradient} / static_cast<double>(steps);
                             });
    }
    return mean;
  };
  check_close(narrow(mean_gradient(1)), mean_gradient(2), 1e-6);
}

TEST_CASE("forecaster: one-step predictions are the network's outputs on a window") {
  Trained trained;
  const Floats window = start_of(trained.series, 8);
  const Floats foreseen = trained.forecaster.foresee(window);
  const std::vector<LayerInspection> layers = trained.forecaster.inspect(window);
  check_close(foreseen, layers.back().activation, 1e-6);
  // It starts anew each time.
  CHECK(trained.forecaster.foresee(window) == foreseen);
  // Later values change nothing about earlier predictions, and windows may be longer.
  const Floats longer = trained.forecaster.foresee(trained.series);
  CHECK(start_of(longer, 8) == foreseen);
  CHECK(longer.size() == 160);
  CHECK(trained.forecaster.foresee({}).empty());
}

TEST_CASE("forecaster: the loss of an evaluation is that of its windows, one by one") {
  const Floats series = noisy_wave(160, 0.1, 3);
  for (const int threads : {1, 3}) {
    // Chunks of three windows.
    Forecaster forecaster(series, 0.25, reading(LstmSpec{every_step(6)}, 8), squared(3),
                          std::make_shared<ThreadPool>(threads));
    for (int step = 0; step < 12; ++step) forecaster.step();
    const auto expect = [&](Split split, std::size_t first, std::size_t windows) {
      double sum = 0.0;
      for (std::size_t begin = first; begin < first + 8 * windows; begin += 8) {
        const auto place = series.begin() + static_cast<Index>(begin);
        sum += error_of(forecaster.foresee(Floats(place, place + 8)), series, begin);
      }
      const ForecastEvaluation& evaluation = forecaster.evaluate(split);
      CHECK(evaluation.count == static_cast<Index>(8 * windows));
      CHECK(evaluation.loss == doctest::Approx(sum / static_cast<double>(windows)).epsilon(1e-5));
    };
    // The last value of each part has none that follows, so its last seven fill no window.
    expect(Split::kTrain, 0, 14);
    expect(Split::kTest, 120, 4);
  }
}

TEST_CASE("forecaster: a free run reads its own predictions") {
  Trained trained;
  Floats read = start_of(trained.series, 20);
  CHECK(trained.forecaster.forecast(read, 1) == Floats{trained.forecaster.foresee(read).back()});
  const Floats free = trained.forecaster.forecast(read, 15);
  Floats by_hand;
  while (by_hand.size() < 15) {
    by_hand.push_back(trained.forecaster.foresee(read).back());
    read.push_back(by_hand.back());
  }
  CHECK(free == by_hand);
  CHECK(trained.forecaster.forecast(read, 0).empty());
}

TEST_CASE("forecaster: looking ahead and inside in the middle of a step disturbs nothing") {
  const Floats series = noisy_wave(300, 0.1, 2);
  const NetworkSpec network = reading(GruSpec{every_step(24)}, 100);
  const auto make = [&] { return std::make_unique<Forecaster>(series, 0.4, network, squared(64)); };
  const auto watched = make(), alone = make();
  watched->step();
  alone->step();
  const Floats values = start_of(series, 10);
  const Floats before = watched->foresee(values);
  int parts = 0;
  while (true) {
    const auto metrics = watched->advance_step();
    if (metrics) {
      CHECK(metrics->loss == alone->step().loss);
      break;
    }
    ++parts;
    CHECK(watched->foresee(values) == before);
    watched->forecast(values, 5);
    watched->inspect(values);
    watched->evaluate(Split::kTest);
  }
  CHECK(parts > 0);
  const auto parameters = watched->network().parameters();
  CHECK(std::ranges::equal(parameters, alone->network().parameters()));
  CHECK(watched->foresee(values) != before);
}

TEST_CASE("forecaster: what is seen inside") {
  Trained trained;
  const std::vector<LayerInspection> layers =
      trained.forecaster.inspect(start_of(trained.series, 11));
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].shape == Shape{11, 6});
  CHECK(layers[1].shape == Shape{11, 1});
  CHECK(layers[0].gradient.empty());
  REQUIRE(layers[0].traces.size() == 6);
  const Trace& hidden = layers[0].traces.front();
  CHECK(hidden.name == "hidden");
  CHECK(hidden.shape == Shape{11, 6});
  CHECK(hidden.values == layers[0].activation);
  CHECK(layers[1].traces.empty());
}

TEST_CASE("forecaster: an epoch goes once through all windows, in a seeded order") {
  // The value at a place names it: what a step reads of windows of one value is known by its loss.
  const auto losses = [](std::uint32_t seed) {
    Floats series(13, 0.0f);
    for (std::size_t t = 0; t < series.size(); ++t) series[t] = static_cast<float>(t);
    NetworkSpec network{{1, 1}, {DenseSpec{1}}, 1};
    Forecaster forecaster(
        series, 0.2, network,
        {1, Loss::kMeanSquaredError, {.type = OptimizerType::kSgd, .learning_rate = 1e-12}, seed});
    // Predicts 0.
    std::ranges::fill(forecaster.network().parameters(), 0.0f);
    CHECK(forecaster.batches_per_epoch() == 9);
    Floats seen;
    for (Index step = 1; step <= 18; ++step) {
      const StepMetrics metrics = forecaster.step();
      CHECK(metrics.epoch == (step + 8) / 9);
      CHECK(metrics.batch == (step - 1) % 9 + 1);
      seen.push_back(std::round(std::sqrt(metrics.loss)));
    }
    return seen;
  };
  const Floats seen = losses(1);
  Floats first(seen.begin(), seen.begin() + 9), second(seen.begin() + 9, seen.end());
  CHECK(first != second);
  CHECK(losses(2) != seen);
  for (Floats* epoch : {&first, &second}) {
    std::ranges::sort(*epoch);
    CHECK(*epoch == Floats{1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("forecaster: the same bits with any number of threads") {
  const NetworkSpec network{
      {20, 1},
      {LstmSpec{every_step(40)}, DropoutSpec{0.2}, GruSpec{every_step(40)}, DenseSpec{1}},
      3};
  const Floats series = noisy_wave(130, 0.1, 1);
  REQUIRE(shard_count(Network(network), 24) > 1);
  const auto run = [&](int threads) {
    Forecaster forecaster(series, 0.2, network, squared(24), std::make_shared<ThreadPool>(threads));
    Doubles row;
    // Four steps an epoch, the last of them smaller.
    REQUIRE(forecaster.batches_per_epoch() == 4);
    for (int step = 0; step < 5; ++step) {
      const StepMetrics metrics = forecaster.step();
      row.insert(row.end(), {double{metrics.loss}, metrics.gradient_norm});
      if (step == 1) row.push_back(forecaster.evaluate(Split::kTest).loss);
    }
    row.push_back(forecaster.evaluate(Split::kTrain).loss);
    for (const float value : forecaster.network().parameters()) row.push_back(double{value});
    for (const float value : forecaster.forecast(series, 5)) row.push_back(double{value});
    return row;
  };
  const Doubles alone = run(1);
  for (const int threads : {2, 3, 8}) CHECK(run(threads) == alone);
}

TEST_CASE("forecaster: says what it expected") {
  const Floats series = noisy_wave(100, 0.1, 1);
  const NetworkSpec good = reading(LstmSpec{every_step(4)}, 10);
  const auto message = [&](const NetworkSpec& network, const TrainingSpec& training = squared(8),
                           double share = 0.2) {
    return message_of<InvalidArgument>(
        [&] { Forecaster forecaster(series, share, network, training); });
  };
  CHECK(message(reading(LstmSpec{every_step(4)}, 80)) ==
        Contains("[series] the part to train on has 80 values; expected at least 81"));
  CHECK(message(reading(LstmSpec{every_step(4)}, 20)) ==
        Contains("[series] the part for validation has 20 values; expected at least 21"));
  CHECK(message(good, squared(0)) == Contains("batch size must be at least 1, got 0"));
  CHECK(message(good, squared(71)) == Contains("batch size must be from 1 to 70"));
  CHECK(message(good, squared(8), 0.0) == Contains("above 0 and below 1, got 0"));
  CHECK(message(good, training_of(8)) == Contains("mean_squared_error"));
  CHECK(message({{10, 2}, {LstmSpec{every_step(4)}, DenseSpec{1}}, 1}) ==
        Contains("[input] expected a sequence of single values"));
  CHECK(message({{10}, {DenseSpec{10}}, 1}) == Contains("[input]"));
  CHECK(message({{10, 1}, {LstmSpec{every_step(4)}, DenseSpec{2}}, 1}) ==
        Contains("[dense_1] expected an output of 10 x 1"));
  CHECK(message(reading(LstmSpec{{.units = 4}}, 10)) == Contains("[dense_1]"));
  // A cell that reads from the end would have seen what it is to foresee.
  CHECK(message(reading(LstmSpec{{.units = 4, .return_sequences = true, .bidirectional = true}},
                        10)) == Contains("[lstm_1]"));
  for (const float odd : {kNaN, kInfinity}) {
    Floats spoilt = series;
    spoilt[90] = odd;
    CHECK(message_of<InvalidData>([&] { Forecaster(spoilt, 0.2, good, squared(8)); }) ==
          Contains("at place 90"));
  }
  CHECK(message_of<InvalidArgument>([&] { Forecaster({}, 0.2, good, squared(8)); }) ==
        Contains("has 0 values"));

  Forecaster forecaster(series, 0.2, good, squared(8));
  const Floats spoilt{1.0f, kInfinity}, fine{1.0f};
  CHECK(message_of<InvalidData>([&] { forecaster.foresee(spoilt); }) == Contains("inf at place 1"));
  CHECK(message_of<InvalidData>([&] { forecaster.inspect(spoilt); }) == Contains("at place 1"));
  CHECK(message_of<InvalidData>([&] { forecaster.forecast(spoilt, 1); }) == Contains("at place 1"));
  CHECK(message_of<InvalidArgument>([&] { forecaster.inspect({}); }) == Contains("[inspect]"));
  CHECK(message_of<InvalidArgument>([&] { forecaster.forecast({}, 1); }) == Contains("[forecast]"));
  CHECK(message_of<InvalidArgument>([&] { forecaster.forecast(fine, -1); }) == Contains("got -1"));
}

TEST_CASE("forecaster: an exploding loss names the layer and leaves the weights") {
  Trained trained;
  Network& network = trained.forecaster.network();
  network.parameters_of(network.stages()[0])[0] = kNaN;
  const Floats before(network.parameters().begin(), network.parameters().end());
  CHECK(message_of<NonFinite>([&] { trained.forecaster.step(); }) == Contains("[lstm_1]"));
  // Bytes, because a NaN is not equal to itself.
  CHECK(std::memcmp(before.data(), network.parameters().data(), 4 * before.size()) == 0);
}

}  // namespace kernelgarten::test
