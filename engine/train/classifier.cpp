#include "engine/train/classifier.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

const TrainingSpec& checked(const TrainingSpec& training, const ImageDataset& train) {
  check(training.batch_size >= 1 && training.batch_size <= train.count(),
        "[training] batch size must be from 1 to ", train.count(),
        ", the number of training examples, got ", training.batch_size);
  return training;
}

void check_fit(const Network& network, const ImageDataset& train, const ImageDataset& test) {
  check(train.image_shape() == test.image_shape(), "[data] training images are ",
        to_string(train.image_shape()), ", test images ", to_string(test.image_shape()),
        "; expected the same");
  // The same numbers as an image, as a list, or as a sequence of rows.
  const std::vector<Shape> readings{train.image_shape(),
                                    {train.image_size()},
                                    {train.height(), train.width() * train.channels()}};
  check(std::ranges::find(readings, network.input_shape()) != readings.end(),
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
    : TrainedNetwork(network, checked(training, *train), std::move(pool)),
      train_(std::move(train)),
      test_(std::move(test)),
      inspector_(network_),
      sampler_(train_->count(), training.batch_size, training.seed) {
  check_fit(network_, *train_, *test_);
  if (network_.input_shape().size() == 2 && StepReader::can_read(network_)) {
    step_reader_.emplace(network);
  }
  add_lanes(training.loss);
  const Stage& last = network_.stages().back();
  lanes_.front().objective.check_last_layer(last.type, last.name);
}

void Classifier::add_lanes(Loss loss) {
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({Objective(loss, chunk(), classes()), {}});
    lanes_.back().labels.reserve(static_cast<std::size_t>(chunk()));
  }
}

PassContext Classifier::inference_pass() {
  return {Mode::kInference, 0, network_.state().data(), nullptr, *pool_};
}

void Classifier::begin_step() {
  batch_ = sampler_.next();
  runner_.begin(static_cast<Index>(batch_.size()));
}

void Classifier::finish_step(StepMetrics& metrics, Index correct) {
  metrics.epoch = sampler_.epoch();
  metrics.batch = sampler_.batch();
  metrics.accuracy =
      static_cast<float>(static_cast<double>(correct) / static_cast<double>(batch_.size()));
}

void Classifier::load(float* input, Examples examples, int) {
  for (Index i = examples.begin; i < examples.end; ++i, input += train_->image_size()) {
    normalize_pixels(input, train_->image(batch_[static_cast<std::size_t>(i)]));
  }
}

Score Classifier::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  auto& [objective, labels] = lanes_[static_cast<std::size_t>(lane)];
  labels.clear();
  for (Index i = examples.begin; i < examples.end; ++i) {
    labels.push_back(train_->label(batch_[static_cast<std::size_t>(i)]));
  }
  const float loss = objective.compute(d_outputs, outputs, labels);
  return {double{loss}, correct_predictions(outputs, labels, classes())};
}

void Classifier::begin_evaluation(Split split) {
  running_.emplace(split, runner_.steps(), split == Split::kTrain ? train_ : test_);
}

bool Classifier::advance_evaluation() {
  check(running_.has_value(), "[evaluation] none was begun");
  if (!running_->advance(inference_, lanes_)) return false;
  auto& predictions =
      running_->result().split == Split::kTrain ? train_predictions_ : test_predictions_;
  predictions = running_->predictions();
  finished_ = std::move(running_);
  running_.reset();
  return true;
}

const Evaluation& Classifier::evaluate(Split split) {
  finish_evaluation(split);
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
  inference_.run(
      {0, count}, {},
      [&](float* input, Examples chunk, int) {
        normalize_pixels(input, images.subspan(static_cast<std::size_t>(chunk.begin * size),
                                               static_cast<std::size_t>(chunk.count() * size)));
      },
      [&](float*, const float* outputs, Examples chunk, int) {
        lanes_.front().objective.probabilities(probabilities.data() + chunk.begin * classes(),
                                               outputs, chunk.count());
      });
  return probabilities;
}

void Classifier::check_image(std::span<const std::uint8_t> image) const {
  check(static_cast<Index>(image.size()) == train_->image_size(), "[input] expected ",
        train_->image_size(), " pixels, got ", image.size());
}

std::vector<float> Classifier::predict_steps(std::span<const std::uint8_t> image) {
  check_image(image);
  check(step_reader_.has_value(), "[input] expected a network that reads its input step by step, ",
        "this one reads ", to_string(network_.input_shape()), " at once");
  step_reader_->take_weights(network_);
  step_reader_->forget();
  const std::size_t row = step_reader_->input().size();
  std::vector<float> probabilities(image.size() / row * static_cast<std::size_t>(classes()));
  float* to = probabilities.data();
  for (; !image.empty(); image = image.subspan(row), to += classes()) {
    normalize_pixels(step_reader_->input().data(), image.first(row));
    lanes_.front().objective.probabilities(to, step_reader_->read().data(), 1);
  }
  return probabilities;
}

std::vector<LayerInspection> Classifier::inspect(std::span<const std::uint8_t> image,
                                                 std::optional<std::uint8_t> label) {
  check_image(image);
  check(!label || *label < classes(), "[inspect] expected a label below ", classes(), ", got ",
        label ? int{*label} : 0);
  normalize_pixels(inspector_.input().data(), image);
  std::vector<LayerInspection> layers = inspector_.forward();
  if (label) {
    const std::int32_t wanted = *label;
    lanes_.front().objective.compute(inspector_.output_gradient().data(),
                                     inspector_.output().data(), {&wanted, 1});
    inspector_.backward(layers);
  }
  return layers;
}

void Classifier::visit_state(StateVisitor& visit) {
  visit.same("model", "classifier");
  visit.same("examples", concat(train_->count()));
  visit.same("batch_size", concat(sampler_.batch_size()));
  TrainedNetwork::visit_state(visit);
  sampler_.visit_state(visit, !runner_.in_progress());
}

std::size_t Classifier::memory() const {
  std::size_t lanes = 0;
  for (const LossLane& lane : lanes_) lanes += lane.objective.memory();
  const std::size_t reader = step_reader_ ? step_reader_->memory() : 0;
  return TrainedNetwork::memory() + inspector_.memory() + reader + lanes;
}

}  // namespace kernelgarten
