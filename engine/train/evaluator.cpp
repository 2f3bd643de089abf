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
                  static_cast<std::size_t>(data_->classes() * data_->classes()))} {
  predictions_.reserve(static_cast<std::size_t>(data_->count()));
}

bool Evaluator::advance(Network& network, Workspace& workspace, Objective& objective) {
  const Index batch = std::min(workspace.max_batch(), data_->count() - result_.count);
  if (batch == 0) return true;
  labels_.clear();
  for (Index i = 0; i < batch; ++i) {
    const Index example = result_.count + i;
    normalize_pixels(workspace.input() + i * data_->image_size(), data_->image(example));
    labels_.push_back(data_->label(example));
  }
  workspace.forward(network, batch, Mode::kInference, 0);
  const Index classes = result_.classes;
  for (Index i = 0; i < batch; ++i) {
    const Index predicted = predicted_class(workspace.output() + i * classes, classes);
    const Index actual = labels_[static_cast<std::size_t>(i)];
    predictions_.push_back(static_cast<std::uint8_t>(predicted));
    ++result_.confusion[static_cast<std::size_t>(actual * classes + predicted)];
    correct_ += predicted == actual ? 1 : 0;
  }
  const float loss = objective.compute(workspace.output_gradient(), workspace.output(), labels_);
  loss_sum_ += double{loss} * static_cast<double>(batch);
  result_.count += batch;
  result_.loss = loss_sum_ / static_cast<double>(result_.count);
  result_.accuracy = static_cast<double>(correct_) / static_cast<double>(result_.count);
  return done();
}

}  // namespace kernelgarten
