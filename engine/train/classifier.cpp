#include "engine/train/classifier.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/parallel/ranges.hpp"
#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"
#include "engine/train/non_finite.hpp"

namespace kernelgarten {
namespace {

Index checked_batch_size(Index batch_size, const ImageDataset& train) {
  check(batch_size >= 1 && batch_size <= train.count(), "[training] batch size must be from 1 to ",
        train.count(), ", the number of training examples, got ", batch_size);
  return batch_size;
}

/// Several for each thread, so that the others need not wait for one that shares its core with
/// somebody else: a page that draws.
Index items_of_part(const ThreadPool& pool) {
  constexpr Index kItemsOfThread = 4;
  return pool.threads() == 1 ? 1 : kItemsOfThread * pool.threads();
}

void check_fit(const Network& network, const ImageDataset& train, const ImageDataset& test) {
  check(train.image_shape() == test.image_shape(), "[data] training images are ",
        to_string(train.image_shape()), ", test images ", to_string(test.image_shape()),
        "; expected the same");
  check(network.input_shape() == train.image_shape() ||
            network.input_shape() == Shape{train.image_size()},
        "[input] the network expects ", to_string(network.input_shape()), ", the images are ",
        to_string(train.image_shape()));
  check(network.output_shape() == Shape{train.classes()}, "[", network.stages().back().name,
        "] expected ", train.classes(), " outputs, one for each class, got ",
        to_string(network.output_shape()));
}

}  // namespace

Classifier::Classifier(std::shared_ptr<const ImageDataset> train,
                       std::shared_ptr<const ImageDataset> test, const NetworkSpec& network,
                       const TrainingSpec& training, std::shared_ptr<ThreadPool> pool)
    : train_(std::move(train)),
      test_(std::move(test)),
      pool_(std::move(pool)),
      network_(network),
      shards_(shard_count(network_, checked_batch_size(training.batch_size, *train_))),
      chunk_(chunk_size(network_, part_count(training.batch_size, shards_))),
      inference_chunk_(chunk_size(network_, training.batch_size)),
      schedule_(network_, shards_, chunk_),
      workspace_(
          network_,
          {training.batch_size, chunk_, std::min(pool_->threads(), static_cast<int>(shards_))},
          Keep::kNeeded),
      inference_(network_, {inference_chunk_, inference_chunk_, pool_->threads()}, Keep::kNeeded),
      inspection_(network_, {1, 1, 1}, Keep::kEverything),
      optimizer_(
          make_optimizer(training.optimizer, static_cast<Index>(network_.parameters().size()))),
      clip_norm_(training.optimizer.clip_norm),
      sampler_(train_->count(), training.batch_size, training.seed),
      gradients_(static_cast<Index>(network_.parameters().size()), shards_),
      state_(static_cast<Index>(network_.state().size())) {
  check_fit(network_, *train_, *test_);
  add_lanes(training.loss);
  const Stage& last = network_.stages().back();
  lanes_.front().objective.check_last_layer(last.type, last.name);
}

void Classifier::add_lanes(Loss loss) {
  const Index most = std::max(chunk_, inference_chunk_);
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({Objective(loss, most, classes()), {}});
    lanes_.back().labels.reserve(static_cast<std::size_t>(most));
  }
}

PassContext Classifier::training_pass(Index shard) {
  return {Mode::kTraining, static_cast<std::uint64_t>(steps_), state_.data(),
          gradients_.shard(shard), *pool_};
}

PassContext Classifier::inference_pass() {
  return {Mode::kInference, 0, network_.state().data(), nullptr, *pool_};
}

StepMetrics Classifier::step() {
  while (true) {
    if (const auto metrics = advance_step()) return *metrics;
  }
}

std::optional<StepMetrics> Classifier::advance_step() {
  if (schedule_.done()) begin_step();
  try {
    run_part(schedule_.next(items_of_part(*pool_)));
    if (!schedule_.done()) return std::nullopt;
    return finish_step();
  } catch (...) {
    schedule_.cancel();
    throw;
  }
}

void Classifier::begin_step() {
  progress_ = {sampler_.next(), {}};
  std::ranges::copy(network_.state(), state_.data());
  gradients_.clear(*pool_);
  schedule_.begin(static_cast<Index>(progress_.batch.size()));
}

void Classifier::run_part(const StepPart& part) {
  std::array<Score, kMostThreads> scores;
  pool_->run(part.items, [&](Index index, int lane) {
    scores[static_cast<std::size_t>(index)] = run_item(part, schedule_.item(part, index), lane);
  });
  // In the order of the row, whoever came first.
  for (const Score& score : std::span(scores).first(static_cast<std::size_t>(part.items))) {
    progress_.score.loss += score.loss;
    progress_.score.correct += score.correct;
  }
}

Classifier::Score Classifier::run_item(const StepPart& part, const WorkItem& item, int lane) {
  const auto [examples, shard] = item;
  if (examples.count() == 0) return {};
  const PassContext pass = training_pass(shard);
  if (part.loads) load(examples, lane);
  workspace_.forward(network_, part.forward, examples, lane, pass);
  const Score score = part.turns ? turn(examples, lane) : Score{};
  workspace_.backward(network_, part.backward, examples, lane, pass);
  return score;
}

void Classifier::load(Examples examples, int lane) {
  float* to = workspace_.input(examples, lane);
  for (Index i = examples.begin; i < examples.end; ++i, to += train_->image_size()) {
    normalize_pixels(to, train_->image(progress_.batch[static_cast<std::size_t>(i)]));
  }
}

/// The batch's mean loss is the mean of its chunks' losses, weighted with their sizes.
Classifier::Score Classifier::turn(Examples examples, int lane) {
  auto& [objective, labels] = lanes_[static_cast<std::size_t>(lane)];
  labels.clear();
  for (Index i = examples.begin; i < examples.end; ++i) {
    labels.push_back(train_->label(progress_.batch[static_cast<std::size_t>(i)]));
  }
  const float* outputs = workspace_.output(examples, lane);
  float* d_outputs = workspace_.output_gradient(examples, lane);
  const float loss = objective.compute(d_outputs, outputs, labels);
  const auto batch = static_cast<Index>(progress_.batch.size());
  if (!std::isfinite(loss)) {
    report_non_finite_loss(network_, workspace_, examples, lane, batch);
  }
  const double share = static_cast<double>(examples.count()) / static_cast<double>(batch);
  simd::map(d_outputs, d_outputs, examples.count() * classes(),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  Score score{share * static_cast<double>(loss), 0};
  for (Index i = 0; i < examples.count(); ++i) {
    const Index predicted = predicted_class(outputs + i * classes(), classes());
    score.correct += predicted == labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return score;
}

StepMetrics Classifier::finish_step() {
  const double norm = gradients_.sum(*pool_);
  if (!std::isfinite(norm)) report_non_finite_gradient(network_, gradients_.total());
  commit(norm);
  ++steps_;
  const auto [loss, correct] = progress_.score;
  const double accuracy =
      static_cast<double>(correct) / static_cast<double>(progress_.batch.size());
  return {steps_,
          sampler_.epoch(),
          sampler_.batch(),
          static_cast<float>(loss),
          static_cast<float>(accuracy),
          norm};
}

/// Hands the step's statistics and gradient to the network, and moves its parameters.
void Classifier::commit(double gradient_norm) {
  std::ranges::copy(state_.span(), network_.state().data());
  optimizer_->begin_step();
  const std::span<float> gradients = network_.gradients();
  for_each_range(*pool_, static_cast<Index>(gradients.size()), [&](Index, Range range) {
    const float* from = gradients_.total().data();
    float* to = gradients.data();
    std::copy(from + range.begin, from + range.end, to + range.begin);
    clip_gradient({to + range.begin, to + range.end}, gradient_norm, clip_norm_);
    optimizer_->update(range, network_.parameters(), gradients);
  });
}

void Classifier::begin_evaluation(Split split) {
  running_.emplace(split, steps_, split == Split::kTrain ? train_ : test_);
}

bool Classifier::advance_evaluation() {
  check(running_.has_value(), "[evaluation] none was begun");
  if (!running_->advance(network_, inference_, lanes_, *pool_)) return false;
  auto& predictions =
      running_->result().split == Split::kTrain ? train_predictions_ : test_predictions_;
  predictions = running_->predictions();
  finished_ = std::move(running_);
  running_.reset();
  return true;
}

const Evaluation& Classifier::evaluate(Split split) {
  begin_evaluation(split);
  while (!advance_evaluation()) {
  }
  return finished_->result();
}

const std::vector<std::uint8_t>& Classifier::predictions(Split split) const {
  return split == Split::kTrain ? train_predictions_ : test_predictions_;
}

std::vector<float> Classifier::predict(std::span<const std::uint8_t> images) {
  const Index size = train_->image_size();
  const auto bytes = static_cast<Index>(images.size());
  check(bytes > 0 && bytes % size == 0, "[input] expected images of ", size, " pixels each, got ",
        bytes, " bytes");
  const Index count = bytes / size;
  std::vector<float> probabilities(static_cast<std::size_t>(count * classes()));
  pool_->run(part_count(count, inference_chunk_), [&](Index index, int lane) {
    const Index begin = index * inference_chunk_;
    const Examples chunk{0, std::min(inference_chunk_, count - begin)};
    normalize_pixels(inference_.input(chunk, lane),
                     images.subspan(static_cast<std::size_t>(begin * size),
                                    static_cast<std::size_t>(chunk.count() * size)));
    inference_.forward(network_, inference_.all_layers(network_), chunk, lane, inference_pass());
    lanes_.front().objective.probabilities(probabilities.data() + begin * classes(),
                                           inference_.output(chunk, lane), chunk.count());
  });
  return probabilities;
}

std::vector<LayerInspection> Classifier::inspect(std::span<const std::uint8_t> image,
                                                 std::optional<std::uint8_t> label) {
  check(static_cast<Index>(image.size()) == train_->image_size(), "[input] expected ",
        train_->image_size(), " pixels, got ", image.size());
  check(!label || *label < classes(), "[inspect] expected a label below ", classes(), ", got ",
        label ? int{*label} : 0);
  constexpr Examples kOne{0, 1};
  constexpr int kLane = 0;
  normalize_pixels(inspection_.input(kOne, kLane), image);
  inspection_.forward(network_, inspection_.all_layers(network_), kOne, kLane, inference_pass());
  if (label) {
    lanes_.front().objective.compute(inspection_.output_gradient(kOne, kLane),
                                     inspection_.output(kOne, kLane), {&*label, 1});
    // Only the gradients between the layers are looked at.
    std::vector<float> unused(network_.parameters().size());
    PassContext pass = inference_pass();
    pass.gradients = unused.data();
    inspection_.backward(network_, inspection_.all_layers(network_), kOne, kLane, pass);
  }
  std::vector<LayerInspection> layers;
  for (std::size_t i = 0; i < network_.stages().size(); ++i) {
    const Stage& stage = network_.stages()[i];
    const Index size = element_count(stage.output_shape);
    const float* activation = inspection_.activation(i, kOne, kLane);
    const float* gradient = inspection_.gradient(i, kOne, kLane);
    LayerInspection layer{stage.name, stage.output_shape, {activation, activation + size}, {}};
    if (label) layer.gradient.assign(gradient, gradient + size);
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::size_t Classifier::memory() const {
  const auto floats = static_cast<std::size_t>(optimizer_->state_size() + state_.size());
  std::size_t lanes = 0;
  for (const LossLane& lane : lanes_) lanes += lane.objective.memory();
  return network_.memory() + floats * sizeof(float) + gradients_.memory() + workspace_.memory() +
         inference_.memory() + inspection_.memory() + lanes;
}

}  // namespace kernelgarten
