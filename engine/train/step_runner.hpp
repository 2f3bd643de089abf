#pragma once

#include <memory>
#include <optional>

#include "engine/train/batch_runner.hpp"
#include "engine/train/parameter_update.hpp"

namespace kernelgarten {

/// A finished step.
struct StepResult {
  Score score;
  /// Of the whole gradient, before clipping.
  double gradient_norm;
};

/// Takes a network through optimizer steps, a batch each, part by part, on all threads. The network
/// sees nothing of a step before it is finished. After construction nothing is allocated, and every
/// number has the same bits for any number of threads.
class StepRunner {
 public:
  /// Throws InvalidArgument where a setting is out of its range or the batch too large to hold.
  StepRunner(Network& network, Index batch_size, const OptimizerSpec& optimizer,
             std::shared_ptr<ThreadPool> pool);

  bool in_progress() const { return batch_.in_progress(); }
  /// Starts a step on a batch of `count` examples; none is in progress.
  void begin(Index count, const CarriedStates& carried = {});
  /// The next part, some 20 ms on a slow machine; the result, and new weights, with the last one.
  /// Throws NonFinite, with the weights as they were, where loss or gradient stops being a number.
  std::optional<StepResult> advance(BatchTask& task);

  /// Gives up a step in progress.
  void cancel() { batch_.cancel(); }
  /// How many steps are finished, and what the optimizer remembers of them.
  void visit_state(StateVisitor& visit);

  /// Steps finished so far.
  Index steps() const { return steps_; }
  /// The most examples that go through the network together.
  Index chunk() const { return batch_.chunk(); }
  Optimizer& optimizer() { return update_.optimizer(); }
  const Optimizer& optimizer() const { return update_.optimizer(); }

  /// Bytes held, the network's own not included.
  std::size_t memory() const { return batch_.memory() + update_.memory(); }

 private:
  BatchRunner batch_;
  ParameterUpdate update_;
  Index steps_ = 0;
};

}  // namespace kernelgarten
