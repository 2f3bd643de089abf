#include "engine/train/trained_network.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

Index checked_batch_size(Index batch_size) {
  check(batch_size >= 1, "[training] batch size must be at least 1, got ", batch_size);
  return batch_size;
}

}  // namespace

TrainedNetwork::TrainedNetwork(const NetworkSpec& network, const TrainingSpec& training,
                               std::shared_ptr<ThreadPool> pool)
    : pool_(std::move(pool)),
      network_(network),
      runner_(network_, checked_batch_size(training.batch_size), training.optimizer, pool_),
      inference_(network_, training.batch_size, pool_) {}

StepMetrics TrainedNetwork::step() {
  while (true) {
    if (const auto metrics = advance_step()) return *metrics;
  }
}

std::optional<StepMetrics> TrainedNetwork::advance_step() {
  if (!runner_.in_progress()) begin_step();
  const std::optional<StepResult> result = runner_.advance(*this);
  if (!result) return std::nullopt;
  StepMetrics metrics{};
  metrics.step = runner_.steps();
  metrics.loss = static_cast<float>(result->score.loss);
  metrics.gradient_norm = result->gradient_norm;
  finish_step(metrics, result->score.correct);
  return metrics;
}

void TrainedNetwork::visit_state(StateVisitor& visit) {
  network_.visit_state(visit);
  runner_.visit_state(visit);
}

void TrainedNetwork::finish_evaluation(Split split) {
  begin_evaluation(split);
  while (!advance_evaluation()) {
  }
}

std::size_t TrainedNetwork::memory() const {
  return network_.memory() + runner_.memory() + inference_.memory();
}

}  // namespace kernelgarten
