#include "engine/train/evaluator.hpp"

#include <algorithm>

namespace kernelgarten {

Evaluator::Evaluator(Split split, Index step, std::shared_ptr<const ImageDataset> data)
    : data_(std::move(data)),
      result_{split,
              step,
              0,
              0.0,
              0.0,
              data_->classes(),
              std::vector<std::uint32_t>(
                  static_cast<std::size_t>(data_->classes() * data_->classes()))},
      predictions_(static_cast<std::size_t>(data_->count())) {}

bool Evaluator::advance(Inference& inference, std::span<LossLane> lanes) {
  const Index first = result_.count;
  const Range examples{first, std::min(data_->count(), first + inference.round())};
  inference.measure(
      sum_, examples, {},
      [&](float* input, Range chunk, int lane) {
        load(chunk, input, lanes[static_cast<std::size_t>(lane)].labels);
      },
      [&](float* d_outputs, const float* outputs, Range chunk, int lane) {
        auto& [objective, labels] = lanes[static_cast<std::size_t>(lane)];
        const float loss = objective.compute(d_outputs, outputs, labels);
        return Score{double{loss}, predict(chunk, outputs)};
      });
  count(examples);
  return done();
}

void Evaluator::load(Range examples, float* to, std::vector<std::int32_t>& labels) const {
  labels.clear();
  for (Index i = examples.begin; i < examples.end; ++i, to += data_->image_size()) {
    normalize_pixels(to, data_->image(i));
    labels.push_back(data_->label(i));
  }
}

Index Evaluator::predict(Range examples, const float* outputs) {
  Index correct = 0;
  for (Index i = examples.begin; i < examples.end; ++i, outputs += result_.classes) {
    const Index predicted = predicted_class(outputs, result_.classes);
    predictions_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(predicted);
    correct += predicted == data_->label(i) ? 1 : 0;
  }
  return correct;
}

void Evaluator::count(Range examples) {
  for (Index i = examples.begin; i < examples.end; ++i) {
    const Index predicted = predictions_[static_cast<std::size_t>(i)], actual = data_->label(i);
    ++result_.confusion[static_cast<std::size_t>(actual * result_.classes + predicted)];
  }
  result_.count = examples.end;
  result_.loss = sum_.loss / static_cast<double>(result_.count);
  result_.accuracy = static_cast<double>(sum_.correct) / static_cast<double>(result_.count);
}

}  // namespace kernelgarten
