#include "engine/train/forecaster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/data/holdout.hpp"
#include "engine/losses/losses.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

Index steps_of(const Network& network) {
  const Shape& shape = network.input_shape();
  check(shape.size() == 2 && shape[1] == 1,
        "[input] expected a sequence of single values, steps x "
        "1, got ",
        to_string(shape));
  check(network.output_shape() == shape, "[", network.stages().back().name,
        "] expected an output of ", to_string(shape),
        ", a prediction of the next value after each step, got ",
        to_string(network.output_shape()));
  return shape[0];
}

void check_finite(std::span<const float> values) {
  const auto odd = std::ranges::find_if_not(values, [](float x) { return std::isfinite(x); });
  check<InvalidData>(odd == values.end(), "[series] expected finite numbers, got ",
                     odd == values.end() ? 0.0f : *odd, " at place ", odd - values.begin());
}

/// At how many places of the values a window begins: all but where no value follows the last step.
Index checked_window_count(std::span<const float> values, Index steps, const char* what) {
  const Index count = static_cast<Index>(values.size()) - steps;
  check(count >= 1, "[series] ", what, " has ", values.size(), " values; expected at least ",
        steps + 1, ", the ", steps,
        " of a window and the one that follows; take a longer series or a shorter window");
  return count;
}

/// Puts the windows of examples one after another.
template <class Begin>
void copy_windows(float* to, Examples examples, Index steps, const Begin& begin) {
  for (Index i = examples.begin; i < examples.end; ++i, to += steps) {
    std::copy_n(begin(i), steps, to);
  }
}

}  // namespace

Forecaster::Forecaster(std::vector<float> series, double validation_share,
                       const NetworkSpec& network, const TrainingSpec& training,
                       std::shared_ptr<ThreadPool> pool)
    : TrainedNetwork(network, training, std::move(pool)),
      spec_(network),
      series_(std::move(series)),
      train_(train_part(std::span<const float>(series_), validation_share)),
      validation_(validation_part(std::span<const float>(series_), validation_share)),
      steps_(steps_of(network_)),
      sampler_(checked_window_count(train_, steps_, "the part to train on"), training.batch_size,
               training.seed),
      reader_(network),
      targets_(static_cast<std::size_t>(pool_->threads()),
               std::vector<float>(static_cast<std::size_t>(chunk() * steps_))) {
  check_finite(series_);
  checked_window_count(validation_, steps_, "the part for validation");
  const Index windows = static_cast<Index>(train_.size()) - steps_;
  check(training.batch_size <= windows, "[training] batch size must be from 1 to ", windows,
        ", the number of windows to train on, got ", training.batch_size);
  check(training.loss == Loss::kMeanSquaredError,
        "[training] a forecaster's loss is mean_squared_error");
}

void Forecaster::begin_step() {
  batch_ = sampler_.next();
  runner_.begin(static_cast<Index>(batch_.size()));
}

void Forecaster::finish_step(StepMetrics& metrics, Index) {
  metrics.epoch = sampler_.epoch();
  metrics.batch = sampler_.batch();
  metrics.accuracy = std::numeric_limits<float>::quiet_NaN();
}

void Forecaster::load(float* input, Examples examples, int) {
  copy_windows(input, examples, steps_,
               [this](Index i) { return train_.data() + batch_[static_cast<std::size_t>(i)]; });
}

Score Forecaster::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  return compare(d_outputs, outputs, examples, lane,
                 [this](Index i) { return train_.data() + batch_[static_cast<std::size_t>(i)]; });
}

template <class Begin>
Score Forecaster::compare(float* d_outputs, const float* outputs, Examples examples, int lane,
                          const Begin& begin) {
  float* targets = targets_[static_cast<std::size_t>(lane)].data();
  copy_windows(targets, examples, steps_, [&](Index i) { return begin(i) + 1; });
  return {double{mean_squared_error(d_outputs, outputs, targets, examples.count(), steps_)}, 0};
}

void Forecaster::begin_evaluation(Split split) {
  evaluation_ = {split, runner_.steps(), 0, 0.0};
  evaluated_windows_ = 0;
  evaluation_sum_ = {};
}

bool Forecaster::advance_evaluation() {
  const std::span<const float> values = part(evaluation_.split);
  const Index all = (static_cast<Index>(values.size()) - 1) / steps_;
  const Examples windows{evaluated_windows_,
                         std::min(evaluated_windows_ + inference_.round(), all)};
  const auto begin = [&](Index window) { return values.data() + window * steps_; };
  inference_.measure(
      evaluation_sum_, windows, {},
      [&](float* input, Examples chunk, int) { copy_windows(input, chunk, steps_, begin); },
      [&](float* d_outputs, const float* outputs, Examples chunk, int lane) {
        return compare(d_outputs, outputs, chunk, lane, begin);
      });
  evaluated_windows_ = windows.end;
  evaluation_.count = windows.end * steps_;
  evaluation_.loss = evaluation_sum_.loss / static_cast<double>(windows.end);
  return windows.end == all;
}

const ForecastEvaluation& Forecaster::evaluate(Split split) {
  finish_evaluation(split);
  return evaluation_;
}

std::vector<float> Forecaster::foresee(std::span<const float> values) {
  check_finite(values);
  reader_.take_weights(network_);
  reader_.forget();
  std::vector<float> predictions;
  for (const float value : values) predictions.push_back(read(value));
  return predictions;
}

std::vector<float> Forecaster::forecast(std::span<const float> history, Index count) {
  constexpr Index kMostPredictions = 1'000'000;
  check(!history.empty(), "[forecast] expected at least one value of history, got none");
  check(count >= 0 && count <= kMostPredictions, "[forecast] expected 0 to ", kMostPredictions,
        " predictions, got ", count);
  float next = foresee(history).back();
  std::vector<float> predictions;
  for (Index i = 0; i < count; ++i) {
    predictions.push_back(next);
    next = read(next);
  }
  return predictions;
}

float Forecaster::read(float value) {
  reader_.input().front() = value;
  return reader_.read().front();
}

/// With a network of the same weights for as many steps as there are values.
std::vector<LayerInspection> Forecaster::inspect(std::span<const float> values) {
  check(!values.empty(), "[inspect] expected at least one value, got none");
  check_finite(values);
  Network network(with_steps(spec_, static_cast<Index>(values.size())));
  network.take_weights(network_);
  Inspector inspector(network);
  std::ranges::copy(values, inspector.input().begin());
  return inspector.forward();
}

void Forecaster::visit_state(StateVisitor& visit) {
  visit.same("model", "forecaster");
  visit.same("values", concat(series_.size()));
  visit.same("batch_size", concat(sampler_.batch_size()));
  TrainedNetwork::visit_state(visit);
  sampler_.visit_state(visit, !runner_.in_progress());
}

std::size_t Forecaster::memory() const {
  const std::size_t floats = series_.size() + targets_.size() * targets_.front().size();
  return TrainedNetwork::memory() + reader_.memory() + floats * sizeof(float);
}

}  // namespace kernelgarten
