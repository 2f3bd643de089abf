#include "engine/train/classifier.hpp"

#include <algorithm>
#include <cmath>

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
                       const TrainingSpec& training)
    : train_(std::move(train)),
      test_(std::move(test)),
      network_(network),
      chunk_(chunk_size(network_, checked_batch_size(training.batch_size, *train_))),
      schedule_(network_, chunk_),
      workspace_(network_, training.batch_size, chunk_, Keep::kNeeded),
      inference_(network_, chunk_, chunk_, Keep::kNeeded),
      inspection_(network_, 1, 1, Keep::kEverything),
      objective_(training.loss, chunk_, train_->classes()),
      optimizer_(
          make_optimizer(training.optimizer, static_cast<Index>(network_.parameters().size()))),
      clip_norm_(training.optimizer.clip_norm),
      sampler_(train_->count(), training.batch_size, training.seed),
      gradients_(static_cast<Index>(network_.parameters().size())),
      state_(static_cast<Index>(network_.state().size())) {
  labels_.reserve(static_cast<std::size_t>(chunk_));
  check_fit(network_, *train_, *test_);
  const Stage& last = network_.stages().back();
  objective_.check_last_layer(last.type, last.name);
}

PassContext Classifier::training_pass() {
  return {Mode::kTraining, static_cast<std::uint64_t>(steps_), state_.data(), gradients_.data()};
}

PassContext Classifier::inference_pass() {
  return {Mode::kInference, 0, network_.state().data(), nullptr};
}

StepMetrics Classifier::step() {
  while (true) {
    if (const auto metrics = advance_step()) return *metrics;
  }
}

std::optional<StepMetrics> Classifier::advance_step() {
  if (schedule_.done()) begin_step();
  try {
    run_part(schedule_.next());
    if (!schedule_.done()) return std::nullopt;
    return finish_step();
  } catch (...) {
    schedule_.cancel();
    throw;
  }
}

void Classifier::begin_step() {
  progress_ = {sampler_.next(), 0.0, 0};
  std::ranges::copy(network_.state(), state_.data());
  std::ranges::fill(gradients_.span(), 0.0f);
  schedule_.begin(static_cast<Index>(progress_.batch.size()));
}

void Classifier::run_part(const StepPart& part) {
  if (part.loads) load(part.examples);
  workspace_.forward(network_, part.forward, part.examples, training_pass());
  if (part.turns) turn(part.examples);
  workspace_.backward(network_, part.backward, part.examples, training_pass());
}

void Classifier::load(Examples examples) {
  float* to = workspace_.input(examples);
  for (Index i = examples.begin; i < examples.end; ++i, to += train_->image_size()) {
    normalize_pixels(to, train_->image(progress_.batch[static_cast<std::size_t>(i)]));
  }
}

/// The batch's mean loss is the mean of its chunks' losses, weighted with their sizes.
void Classifier::turn(Examples examples) {
  labels_.clear();
  for (Index i = examples.begin; i < examples.end; ++i) {
    labels_.push_back(train_->label(progress_.batch[static_cast<std::size_t>(i)]));
  }
  const float* outputs = workspace_.output(examples);
  float* d_outputs = workspace_.output_gradient(examples);
  const float loss = objective_.compute(d_outputs, outputs, labels_);
  if (!std::isfinite(loss)) {
    report_non_finite_loss(network_, workspace_, examples,
                           static_cast<Index>(progress_.batch.size()));
  }
  const double share =
      static_cast<double>(examples.count()) / static_cast<double>(progress_.batch.size());
  progress_.loss += share * static_cast<double>(loss);
  simd::map(d_outputs, d_outputs, examples.count() * classes(),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  for (Index i = 0; i < examples.count(); ++i) {
    const Index predicted = predicted_class(outputs + i * classes(), classes());
    progress_.correct += predicted == labels_[static_cast<std::size_t>(i)] ? 1 : 0;
  }
}

StepMetrics Classifier::finish_step() {
  const double norm = gradient_norm(gradients_.span());
  if (!std::isfinite(norm)) report_non_finite_gradient(network_, gradients_.span());
  std::ranges::copy(gradients_.span(), network_.gradients().data());
  std::ranges::copy(state_.span(), network_.state().data());
  clip_gradient(network_.gradients(), norm, clip_norm_);
  optimizer_->step(network_.parameters(), network_.gradients());
  ++steps_;
  const double accuracy =
      static_cast<double>(progress_.correct) / static_cast<double>(progress_.batch.size());
  return {steps_,           sampler_.epoch(), sampler_.batch(), static_cast<float>(progress_.loss),
          static_cast<float>(accuracy), norm};
}

void Classifier::begin_evaluation(Split split) {
  running_.emplace(split, steps_, split == Split::kTrain ? train_ : test_);
}

bool Classifier::advance_evaluation() {
  check(running_.has_value(), "[evaluation] none was begun");
  if (!running_->advance(network_, inference_, objective_)) return false;
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
  for (Index begin = 0; begin < count; begin += chunk_) {
    const Examples chunk{0, std::min(chunk_, count - begin)};
    normalize_pixels(inference_.input(chunk),
                     images.subspan(static_cast<std::size_t>(begin * size),
                                    static_cast<std::size_t>(chunk.count() * size)));
    inference_.forward(network_, network_.all_layers(), chunk, inference_pass());
    objective_.probabilities(probabilities.data() + begin * classes(), inference_.output(chunk),
                             chunk.count());
  }
  return probabilities;
}

std::vector<LayerInspection> Classifier::inspect(std::span<const std::uint8_t> image,
                                                 std::optional<std::uint8_t> label) {
  check(static_cast<Index>(image.size()) == train_->image_size(), "[input] expected ",
        train_->image_size(), " pixels, got ", image.size());
  check(!label || *label < classes(), "[inspect] expected a label below ", classes(), ", got ",
        label ? int{*label} : 0);
  constexpr Examples kOne{0, 1};
  normalize_pixels(inspection_.input(kOne), image);
  inspection_.forward(network_, network_.all_layers(), kOne, inference_pass());
  if (label) {
    objective_.compute(inspection_.output_gradient(kOne), inspection_.output(kOne), {&*label, 1});
    // Only the gradients between the layers are looked at.
    std::vector<float> unused(network_.parameters().size());
    PassContext pass = inference_pass();
    pass.gradients = unused.data();
    inspection_.backward(network_, network_.all_layers(), kOne, pass);
  }
  std::vector<LayerInspection> layers;
  for (std::size_t i = 0; i < network_.stages().size(); ++i) {
    const Stage& stage = network_.stages()[i];
    const Index size = element_count(stage.output_shape);
    const float* activation = inspection_.activation(i, kOne);
    const float* gradient = inspection_.gradient(i, kOne);
    LayerInspection layer{stage.name, stage.output_shape, {activation, activation + size}, {}};
    if (label) layer.gradient.assign(gradient, gradient + size);
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::size_t Classifier::memory() const {
  const auto optimizer = static_cast<std::size_t>(optimizer_->state_size()) * sizeof(float);
  const auto pending = static_cast<std::size_t>(gradients_.size() + state_.size()) * sizeof(float);
  return network_.memory() + pending + optimizer + workspace_.memory() + inference_.memory() +
         inspection_.memory() + objective_.memory();
}

}  // namespace kernelgarten
