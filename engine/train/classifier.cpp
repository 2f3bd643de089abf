#include "engine/train/classifier.hpp"

#include <algorithm>
#include <cmath>

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
      workspace_(network_, checked_batch_size(training.batch_size, *train_), Keep::kForTraining),
      inspection_(network_, 1, Keep::kForInspection),
      objective_(training.loss, training.batch_size, train_->classes()),
      optimizer_(
          make_optimizer(training.optimizer, static_cast<Index>(network_.parameters().size()))),
      clip_norm_(training.optimizer.clip_norm),
      sampler_(train_->count(), training.batch_size, training.seed),
      labels_(static_cast<std::size_t>(training.batch_size)),
      state_before_(static_cast<Index>(network_.state().size())) {
  check_fit(network_, *train_, *test_);
  const Stage& last = network_.stages().back();
  objective_.check_last_layer(last.type, last.name);
}

void Classifier::load_batch(std::span<const std::uint32_t> indices) {
  labels_.resize(indices.size());
  float* to = workspace_.input();
  for (std::size_t i = 0; i < indices.size(); ++i, to += train_->image_size()) {
    const auto example = static_cast<Index>(indices[i]);
    normalize_pixels(to, train_->image(example));
    labels_[i] = train_->label(example);
  }
}

float Classifier::batch_accuracy() const {
  Index correct = 0;
  const float* outputs = workspace_.output();
  for (const std::uint8_t label : labels_) {
    correct += predicted_class(outputs, train_->classes()) == label ? 1 : 0;
    outputs += train_->classes();
  }
  return static_cast<float>(correct) / static_cast<float>(labels_.size());
}

void Classifier::restore_state() {
  std::ranges::copy(state_before_.span(), network_.state().begin());
}

StepMetrics Classifier::step() {
  load_batch(sampler_.next());
  const auto batch = static_cast<Index>(labels_.size());
  const auto stream = static_cast<std::uint64_t>(steps_);
  std::ranges::copy(network_.state(), state_before_.data());
  workspace_.forward(network_, batch, Mode::kTraining, stream);
  const float loss = objective_.compute(workspace_.output_gradient(), workspace_.output(), labels_);
  if (!std::isfinite(loss)) {
    restore_state();
    report_non_finite_loss(network_, workspace_, batch);
  }
  network_.clear_gradients();
  workspace_.backward(network_, batch, Mode::kTraining, stream);
  const double norm = gradient_norm(network_.gradients());
  if (!std::isfinite(norm)) {
    restore_state();
    report_non_finite_gradient(network_);
  }
  clip_gradient(network_.gradients(), norm, clip_norm_);
  optimizer_->step(network_.parameters(), network_.gradients());
  ++steps_;
  return {steps_, sampler_.epoch(), sampler_.batch(), loss, batch_accuracy(), norm};
}

void Classifier::begin_evaluation(Split split) {
  running_.emplace(split, steps_, split == Split::kTrain ? train_ : test_);
}

bool Classifier::advance_evaluation() {
  check(running_.has_value(), "[evaluation] none was begun");
  if (!running_->advance(network_, workspace_, objective_)) return false;
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

void Classifier::load_inspection(std::span<const std::uint8_t> image) {
  check(static_cast<Index>(image.size()) == train_->image_size(), "[input] expected ",
        train_->image_size(), " pixels, got ", image.size());
  normalize_pixels(inspection_.input(), image);
}

std::vector<float> Classifier::predict(std::span<const std::uint8_t> images) {
  const auto size = static_cast<std::size_t>(train_->image_size());
  check(!images.empty() && images.size() % size == 0, "[input] expected images of ", size,
        " pixels each, got ", images.size(), " bytes");
  const std::size_t count = images.size() / size;
  std::vector<float> probabilities(count * static_cast<std::size_t>(classes()));
  for (std::size_t i = 0; i < count; ++i) {
    load_inspection(images.subspan(i * size, size));
    inspection_.forward(network_, 1, Mode::kInference, 0);
    objective_.probabilities(probabilities.data() + static_cast<Index>(i) * classes(),
                             inspection_.output(), 1);
  }
  return probabilities;
}

std::vector<LayerInspection> Classifier::inspect(std::span<const std::uint8_t> image,
                                                 std::optional<std::uint8_t> label) {
  check(!label || *label < classes(), "[inspect] expected a label below ", classes(), ", got ",
        label ? int{*label} : 0);
  load_inspection(image);
  inspection_.forward(network_, 1, Mode::kInference, 0);
  if (label) {
    objective_.compute(inspection_.output_gradient(), inspection_.output(), {&*label, 1});
    // The way back adds to the gradients of the last step, which `gradients` still shows: they are
    // put back.
    const std::vector<float> kept(network_.gradients().begin(), network_.gradients().end());
    inspection_.backward(network_, 1, Mode::kInference, 0);
    std::ranges::copy(kept, network_.gradients().begin());
  }
  std::vector<LayerInspection> layers;
  for (std::size_t i = 0; i < network_.stages().size(); ++i) {
    const Stage& stage = network_.stages()[i];
    const Index size = element_count(stage.output_shape);
    const float* activation = inspection_.activation(i);
    const float* gradient = inspection_.gradient(i);
    LayerInspection layer{stage.name, stage.output_shape, {activation, activation + size}, {}};
    if (label) layer.gradient.assign(gradient, gradient + size);
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::size_t Classifier::memory() const {
  const auto optimizer = static_cast<std::size_t>(optimizer_->state_size()) * sizeof(float);
  return network_.memory() + optimizer + workspace_.memory() + inspection_.memory() +
         objective_.memory();
}

}  // namespace kernelgarten
