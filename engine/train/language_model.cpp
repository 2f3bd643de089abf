#include "engine/train/language_model.hpp"

#include <algorithm>

#include "engine/data/holdout.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

Index steps_of(const Network& network) {
  check(network.input_shape().size() == 1, "[input] expected a list of symbols, got ",
        to_string(network.input_shape()));
  return network.input_shape()[0];
}

/// As many streams as are trained on, or as many as fit.
TextStreams validation_streams(std::span<const std::uint16_t> symbols, Index streams, Index steps) {
  const Index most = (static_cast<Index>(symbols.size()) - 1) / steps;
  return {symbols, std::clamp<Index>(most, 1, streams), steps, "the part for validation"};
}

}  // namespace

LanguageModel::LanguageModel(std::shared_ptr<const Text> text, double validation_share,
                             const NetworkSpec& network, const TrainingSpec& training,
                             std::shared_ptr<ThreadPool> pool)
    : TrainedNetwork(network, training, std::move(pool)),
      text_(std::move(text)),
      spec_(network),
      steps_(steps_of(network_)),
      train_(train_part(text_->symbols(), validation_share), training.batch_size, steps_,
             "the part to train on"),
      validation_(validation_streams(validation_part(text_->symbols(), validation_share),
                                     training.batch_size, steps_)),
      states_(training.batch_size, network_.carried_size()),
      evaluation_states_(training.batch_size, network_.carried_size()),
      writer_(text_, network) {
  check(network_.output_shape() == Shape{steps_, vocabulary()}, "[", network_.stages().back().name,
        "] expected an output of ", to_string({steps_, vocabulary()}),
        ", one for each character after each step, got ", to_string(network_.output_shape()));
  check(training.loss == Loss::kSoftmaxCrossEntropy,
        "[training] a language model's loss is softmax_cross_entropy");
  const Index most = chunk() * steps_;
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({Objective(training.loss, most, vocabulary()), {}});
    lanes_.back().labels.reserve(static_cast<std::size_t>(most));
  }
  const Stage& last = network_.stages().back();
  lanes_.front().objective.check_last_layer(last.type, last.name);
}

void LanguageModel::begin_step() { runner_.begin(train_.streams(), states_.pass(window_ == 0)); }

void LanguageModel::finish_step(StepMetrics& metrics, Index correct) {
  states_.go_on();
  const auto characters = static_cast<double>(train_.streams() * steps_);
  metrics.epoch = epoch_;
  metrics.batch = window_ + 1;
  metrics.accuracy = static_cast<float>(static_cast<double>(correct) / characters);
  window_ = (window_ + 1) % train_.windows();
  if (window_ == 0) ++epoch_;
}

void LanguageModel::load(float* input, Examples examples, int) {
  load(input, train_, examples, window_);
}

void LanguageModel::load(float* input, const TextStreams& streams, Examples examples,
                         Index window) const {
  for (Index stream = examples.begin; stream < examples.end; ++stream, input += steps_) {
    streams.load(input, stream, window);
  }
}

Score LanguageModel::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  return compare(d_outputs, outputs, train_, examples, window_, lane);
}

Score LanguageModel::compare(float* d_outputs, const float* outputs, const TextStreams& streams,
                             Examples examples, Index window, int lane) {
  auto& [objective, labels] = lanes_[static_cast<std::size_t>(lane)];
  labels.resize(static_cast<std::size_t>(examples.count() * steps_));
  for (Index i = 0; i < examples.count(); ++i) {
    streams.load_next(labels.data() + i * steps_, examples.begin + i, window);
  }
  const float loss = objective.compute(d_outputs, outputs, labels);
  return {double{loss}, correct_predictions(outputs, labels, vocabulary())};
}

void LanguageModel::begin_evaluation(Split split) {
  evaluation_ = {split, runner_.steps(), 0, 0.0, 0.0};
  evaluation_window_ = 0;
  evaluation_sum_ = {};
}

bool LanguageModel::advance_evaluation() {
  const TextStreams& streams = streams_of(evaluation_.split);
  const Index window = evaluation_window_++;
  inference_.measure(
      evaluation_sum_, {0, streams.streams()}, evaluation_states_.pass(window == 0),
      [&](float* input, Examples chunk, int) { load(input, streams, chunk, window); },
      [&](float* d_outputs, const float* outputs, Examples chunk, int lane) {
        return compare(d_outputs, outputs, streams, chunk, window, lane);
      });
  evaluation_states_.go_on();
  const Index examples = evaluation_window_ * streams.streams();
  evaluation_.count = examples * steps_;
  evaluation_.loss = evaluation_sum_.loss / static_cast<double>(examples);
  evaluation_.accuracy =
      static_cast<double>(evaluation_sum_.correct) / static_cast<double>(evaluation_.count);
  return evaluation_window_ == streams.windows();
}

const TextEvaluation& LanguageModel::evaluate(Split split) {
  finish_evaluation(split);
  return evaluation_;
}

TextWriter& LanguageModel::writer() {
  writer_.take_weights(network_);
  return writer_;
}

void LanguageModel::visit_state(StateVisitor& visit) {
  visit.same("model", "language_model");
  visit.same("vocabulary", encode_utf8(text_->vocabulary().characters()));
  visit.same("batch_size", concat(train_.streams()));
  visit.same("steps_of_window", concat(steps_));
  visit.same("windows", concat(train_.windows()));
  TrainedNetwork::visit_state(visit);
  visit.floats("carried", {train_.streams(), network_.carried_size()}, states_.now());
  visit.count("epoch", epoch_, kMostCount);
  visit.count("window", window_, train_.windows() - 1);
}

std::size_t LanguageModel::memory() const {
  std::size_t lanes = 0;
  for (const LossLane& lane : lanes_) lanes += lane.objective.memory();
  return TrainedNetwork::memory() + states_.memory() + evaluation_states_.memory() +
         writer_.memory() + lanes;
}

}  // namespace kernelgarten
