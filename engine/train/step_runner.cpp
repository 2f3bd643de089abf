#include "engine/train/step_runner.hpp"

namespace kernelgarten {

StepRunner::StepRunner(Network& network, Index batch_size, const OptimizerSpec& optimizer,
                       std::shared_ptr<ThreadPool> pool)
    : batch_(network, batch_size, Keep::kNeeded, pool),
      update_(network, optimizer, batch_.shards(), pool) {}

void StepRunner::begin(Index count, const CarriedStates& carried) {
  update_.begin();
  batch_.begin(
      {count, static_cast<std::uint64_t>(steps_), update_.state(), &update_.gradients(), carried});
}

std::optional<StepResult> StepRunner::advance(BatchTask& task) {
  if (!batch_.advance(task)) return std::nullopt;
  const double norm = update_.finish();
  ++steps_;
  return StepResult{batch_.score(), norm};
}

void StepRunner::visit_state(StateVisitor& visit) {
  visit.count("steps", steps_, kMostCount);
  update_.visit_state(visit);
}

}  // namespace kernelgarten
