#include "engine/train/classifier.hpp"

#include <algorithm>

#include "engine/simd/loops.hpp"
#include "engine/tensor/check.hpp"

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
  // The same numbers as an image, as a list, or as a sequence of rows.
  const std::vector<Shape> readings{
      train.image_shape(), {train.image_size()}, {train.height(), train.width() * train.channels()}};
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
    : train_(std::move(train)),
      test_(std::move(test)),
      pool_(std::move(pool)),
      network_(network),
      runner_(network_, checked_batch_size(training.batch_size, *train_), training.optimizer,
              pool_),
      inference_chunk_(chunk_size(network_, training.batch_size)),
      inference_(network_, {inference_chunk_, inference_chunk_, pool_->threads()}, Keep::kNeeded),
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
  const Index most = std::max(runner_.chunk(), inference_chunk_);
  for (int lane = 0; lane < pool_->threads(); ++lane) {
    lanes_.push_back({Objective(loss, most, classes()), {}});
    lanes_.back().labels.reserve(static_cast<std::size_t>(most));
  }
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
  if (!runner_.in_progress()) {
    batch_ = sampler_.next();
    runner_.begin(static_cast<Index>(batch_.size()));
  }
  const std::optional<StepResult> result = runner_.advance(*this);
  if (!result) return std::nullopt;
  const auto [loss, correct] = result->score;
  const double accuracy = static_cast<double>(correct) / static_cast<double>(batch_.size());
  return StepMetrics{runner_.steps(),
                     sampler_.epoch(),
                     sampler_.batch(),
                     static_cast<float>(loss),
                     static_cast<float>(accuracy),
                     result->gradient_norm};
}

void Classifier::load(float* input, Examples examples, int) {
  for (Index i = examples.begin; i < examples.end; ++i, input += train_->image_size()) {
    normalize_pixels(input, train_->image(batch_[static_cast<std::size_t>(i)]));
  }
}

/// The batch's mean loss is the mean of its chunks' losses, weighted with their sizes.
Score Classifier::turn(float* d_outputs, const float* outputs, Examples examples, int lane) {
  auto& [objective, labels] = lanes_[static_cast<std::size_t>(lane)];
  labels.clear();
  for (Index i = examples.begin; i < examples.end; ++i) {
    labels.push_back(train_->label(batch_[static_cast<std::size_t>(i)]));
  }
  const float loss = objective.compute(d_outputs, outputs, labels);
  const double share = static_cast<double>(examples.count()) / static_cast<double>(batch_.size());
  simd::map(d_outputs, d_outputs, examples.count() * classes(),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  Score score{share * static_cast<double>(loss), 0};
  for (Index i = 0; i < examples.count(); ++i) {
    const Index predicted = predicted_class(outputs + i * classes(), classes());
    score.correct += predicted == labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return score;
}

void Classifier::begin_evaluation(Split split) {
  running_.emplace(split, runner_.steps(), split == Split::kTrain ? train_ : test_);
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
  network_.visit_state(visit);
  runner_.visit_state(visit);
  sampler_.visit_state(visit, !runner_.in_progress());
}

std::size_t Classifier::memory() const {
  std::size_t lanes = 0;
  for (const LossLane& lane : lanes_) lanes += lane.objective.memory();
  const std::size_t reader = step_reader_ ? step_reader_->memory() : 0;
  return network_.memory() + runner_.memory() + inference_.memory() + inspector_.memory() + reader +
         lanes;
}

}  // namespace kernelgarten
