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
  const Examples chunk{0, std::min(workspace.chunk(), data_->count() - result_.count)};
  if (chunk.count() == 0) return true;
  labels_.clear();
  for (Index i = 0; i < chunk.end; ++i) {
    const Index example = result_.count + i;
    normalize_pixels(workspace.input(chunk) + i * data_->image_size(), data_->image(example));
    labels_.push_back(data_->label(example));
  }
  workspace.forward(network, network.all_layers(), chunk,
                    {Mode::kInference, 0, network.state().data(), nullptr});
  const float* outputs = workspace.output(chunk);
  const Index classes = result_.classes;
  for (Index i = 0; i < chunk.end; ++i) {
    const Index predicted = predicted_class(outputs + i * classes, classes);
    const Index actual = labels_[static_cast<std::size_t>(i)];
    predictions_.push_back(static_cast<std::uint8_t>(predicted));
    ++result_.confusion[static_cast<std::size_t>(actual * classes + predicted)];
    correct_ += predicted == actual ? 1 : 0;
  }
  const float loss = objective.compute(workspace.output_gradient(chunk), outputs, labels_);
  loss_sum_ += double{loss} * static_cast<double>(chunk.count());
  result_.count += chunk.count();
  result_.loss = loss_sum_ / static_cast<double>(result_.count);
  result_.accuracy = static_cast<double>(correct_) / static_cast<double>(result_.count);
  return done();
}

}  // namespace kernelgarten
