#include "engine/train/language_model.hpp"

#include <algorithm>
#include <array>

#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

Index steps_of(const Network& network) {
  check(network.input_shape().size() == 1, "[input] expected a list of symbols, got ",
        to_string(network.input_shape()));
  return network.input_shape()[0];
}

/// How many of the text's characters are trained on.
std::size_t train_count(const Text& text, double validation_share) {
  check(validation_share > 0.0 && validation_share < 1.0,
        "[text] the share for validation must be above 0 and below 1, got ", validation_share);
  const auto all = static_cast<double>(text.symbols().size());
  return static_cast<std::size_t>(all * (1.0 - validation_share));
}

/// As many streams as are trained on, or as many as fit.
TextStreams validation_streams(std::span<const std::uint16_t> symbols, Index streams,
                               Index steps) {
  const Index most = (static_cast<Index>(symbols.size()) - 1) / steps;
  return {symbols, std::clamp<Index>(most, 1, streams), steps, "the part for validation"};
}

}  // namespace

LanguageModel::LanguageModel(std::shared_ptr<const Text> text, double validation_share,
                             const NetworkSpec& network, const TrainingSpec& training,
                             std::shared_ptr<ThreadPool> pool)
    : text_(std::move(text)),
      pool_(std::move(pool)),
      spec_(network),
      network_(network),
      steps_(steps_of(network_)),
      train_(text_->symbols().first(train_count(*text_, validation_share)), training.batch_size,
             steps_, "the part to train on"),
      validation_(validation_streams(text_->symbols().subspan(train_count(*text_, validation_share)),
                                     training.batch_size, steps_)),
      runner_(network_, training.batch_size, training.optimizer, pool_),
      inference_chunk_(chunk_size(network_, training.batch_size)),
      inference_(network_, {training.batch_size, inference_chunk_, pool_->threads()},
                 Keep::kNeeded),
      states_(training.batch_size, network_.carried_size()),
      evaluation_states_(training.batch_size, network_.carried_size()),
      writer_(text_, network) {
  check(network_.output_shape() == Shape{steps_, vocabulary()}, "[",
        network_.stages().back().name, "] expected an output of ",
        to_string({steps_, vocabulary()}), ", one for each character after each step, got ",
        to_string(network_.output_shape()));
  check(training.loss == Loss::kSoftmaxCrossEntropy,
        "[training] a language model's loss is softmax_cross_entropy");
  const Index most = std::max(runner_.chunk(), inference_chunk_) * steps_;
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({Objective(training.loss, most, vocabulary()), {}});
    lanes_.back().labels.reserve(static_cast<std::size_t>(most));
  }
  const Stage& last = network_.stages().back();
  lanes_.front().objective.check_last_layer(last.type, last.name);
}

StepMetrics LanguageModel::step() {
  while (true) {
    if (const auto metrics = advance_step()) return *metrics;
  }
}

std::optional<StepMetrics> LanguageModel::advance_step() {
  if (!runner_.in_progress()) runner_.begin(train_.streams(), states_.pass(window_ == 0));
  const std::optional<StepResult> result = runner_.advance(*this);
  if (!result) return std::nullopt;
  states_.go_on();
  const auto characters = static_cast<double>(train_.streams() * steps_);
  const StepMetrics metrics{
      runner_.steps(),
      epoch_,
      window_ + 1,
      static_cast<float>(result->score.loss),
      static_cast<float>(static_cast<double>(result->score.correct) / characters),
      result->gradient_norm};
  window_ = (window_ + 1) % train_.windows();
  if (window_ == 0) ++epoch_;
  return metrics;
}

void LanguageModel::load(float* input, Examples examples, int) {
  for (Index stream = examples.begin; stream < examples.end; ++stream, input += steps_) {
    train_.load(input, stream, window_);
  }
}

Score LanguageModel::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  const Score sum = compare(d_outputs, outputs, train_, examples, window_, lane);
  const double share =
      static_cast<double>(examples.count()) / static_cast<double>(train_.streams());
  simd::map(d_outputs, d_outputs, examples.count() * steps_ * vocabulary(),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  const auto characters = static_cast<double>(train_.streams() * steps_);
  return {sum.loss / characters, sum.correct};
}

Score LanguageModel::compare(float* d_outputs, const float* outputs, const TextStreams& streams,
                             Examples examples, Index window, int lane) {
  auto& [objective, labels] = lanes_[static_cast<std::size_t>(lane)];
  const Index characters = examples.count() * steps_;
  labels.resize(static_cast<std::size_t>(characters));
  for (Index i = 0; i < examples.count(); ++i) {
    streams.load_next(labels.data() + i * steps_, examples.begin + i, window);
  }
  const float loss = objective.compute(d_outputs, outputs, labels);
  Score sum{double{loss} * static_cast<double>(characters), 0};
  for (Index i = 0; i < characters; ++i) {
    const Index predicted = predicted_class(outputs + i * vocabulary(), vocabulary());
    sum.correct += predicted == labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return sum;
}

void LanguageModel::begin_evaluation(Split split) {
  evaluation_ = {split, runner_.steps(), 0, 0.0, 0.0};
  evaluation_window_ = 0;
  evaluation_sum_ = {};
}

bool LanguageModel::advance_evaluation() {
  const TextStreams& streams = streams_of(evaluation_.split);
  const PassContext pass{Mode::kInference,
                         0,
                         network_.state().data(),
                         nullptr,
                         *pool_,
                         evaluation_states_.pass(evaluation_window_ == 0)};
  std::vector<Score> scores(
      static_cast<std::size_t>(part_count(streams.streams(), inference_chunk_)));
  pool_->run(static_cast<Index>(scores.size()), [&](Index index, int lane) {
    const Index begin = index * inference_chunk_;
    const Examples examples{begin, std::min(begin + inference_chunk_, streams.streams())};
    float* input = inference_.input(examples, lane);
    for (Index stream = examples.begin; stream < examples.end; ++stream, input += steps_) {
      streams.load(input, stream, evaluation_window_);
    }
    inference_.forward(network_, inference_.all_layers(network_), examples, lane, pass);
    scores[static_cast<std::size_t>(index)] =
        compare(inference_.output_gradient(examples, lane), inference_.output(examples, lane),
                streams, examples, evaluation_window_, lane);
  });
  evaluation_states_.go_on();
  for (const Score& score : scores) {
    evaluation_sum_.loss += score.loss;
    evaluation_sum_.correct += score.correct;
  }
  evaluation_.count += streams.streams() * steps_;
  const auto count = static_cast<double>(evaluation_.count);
  evaluation_.loss = evaluation_sum_.loss / count;
  evaluation_.accuracy = static_cast<double>(evaluation_sum_.correct) / count;
  return ++evaluation_window_ == streams.windows();
}

const TextEvaluation& LanguageModel::evaluate(Split split) {
  begin_evaluation(split);
  while (!advance_evaluation()) {
  }
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
  network_.visit_state(visit);
  runner_.visit_state(visit);
  visit.floats("carried", {train_.streams(), network_.carried_size()}, states_.now());
  visit.count("epoch", epoch_, kMostCount);
  visit.count("window", window_, train_.windows() - 1);
}

std::size_t LanguageModel::memory() const {
  std::size_t lanes = 0;
  for (const LossLane& lane : lanes_) lanes += lane.objective.memory();
  return network_.memory() + runner_.memory() + inference_.memory() + states_.memory() +
         evaluation_states_.memory() + writer_.memory() + lanes;
}

}  // namespace kernelgarten
