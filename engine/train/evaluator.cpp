#include "engine/train/evaluator.hpp"

#include <algorithm>
#include <array>

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

bool Evaluator::advance(Network& network, Workspace& workspace, std::span<LossLane> lanes,
                        ThreadPool& pool) {
  const PassContext context{Mode::kInference, 0, network.state().data(), nullptr, pool};
  const Index chunk = workspace.chunk(), first = result_.count;
  const Index end = std::min(data_->count(), first + chunk * pool.threads());
  std::array<double, kMostThreads> losses;
  const Index chunks = part_count(end - first, chunk);
  pool.run(chunks, [&](Index index, int lane) {
    const Range examples{first + index * chunk, std::min(first + (index + 1) * chunk, end)};
    const Examples batch{0, examples.count()};
    auto& [objective, labels] = lanes[static_cast<std::size_t>(lane)];
    load(examples, workspace.input(batch, lane), labels);
    workspace.forward(network, workspace.all_layers(network), batch, lane, context);
    const float* outputs = workspace.output(batch, lane);
    predict(examples, outputs);
    const float loss = objective.compute(workspace.output_gradient(batch, lane), outputs, labels);
    losses[static_cast<std::size_t>(index)] = double{loss} * static_cast<double>(batch.count());
  });
  for (Index i = 0; i < chunks; ++i) loss_sum_ += losses[static_cast<std::size_t>(i)];
  count({first, end});
  return done();
}

void Evaluator::load(Range examples, float* to, std::vector<std::int32_t>& labels) const {
  labels.clear();
  for (Index i = examples.begin; i < examples.end; ++i, to += data_->image_size()) {
    normalize_pixels(to, data_->image(i));
    labels.push_back(data_->label(i));
  }
}

void Evaluator::predict(Range examples, const float* outputs) {
  for (Index i = examples.begin; i < examples.end; ++i, outputs += result_.classes) {
    predictions_[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(predicted_class(outputs, result_.classes));
  }
}

void Evaluator::count(Range examples) {
  for (Index i = examples.begin; i < examples.end; ++i) {
    const Index predicted = predictions_[static_cast<std::size_t>(i)], actual = data_->label(i);
    ++result_.confusion[static_cast<std::size_t>(actual * result_.classes + predicted)];
    correct_ += predicted == actual ? 1 : 0;
  }
  result_.count = examples.end;
  result_.loss = loss_sum_ / static_cast<double>(result_.count);
  result_.accuracy = static_cast<double>(correct_) / static_cast<double>(result_.count);
}

}  // namespace kernelgarten
