#pragma once

#include <memory>
#include <optional>

#include "engine/train/inference.hpp"
#include "engine/train/metrics.hpp"
#include "engine/train/resumable.hpp"
#include "engine/train/step_runner.hpp"

namespace kernelgarten {

/// A network that is trained step by step and evaluated in between: what every model has, whatever
/// it learns from. After construction a step allocates nothing. Every number that comes out has the
/// same bits for any number of threads.
class TrainedNetwork : public Resumable, private BatchTask {
 public:
  /// One optimizer step on the next batch. Throws NonFinite, with the weights as they were before,
  /// when loss or gradient stops being a number.
  StepMetrics step();
  /// The next part of a step, some 20 ms on a slow machine: begins one where none is in progress.
  /// Metrics, and new weights, with the last part. Whatever else is asked in between sees the
  /// network as the last finished step left it.
  std::optional<StepMetrics> advance_step();

  /// Starts a new evaluation; `advance_evaluation` measures a few examples on each thread, true
  /// when done.
  virtual void begin_evaluation(Split split) = 0;
  virtual bool advance_evaluation() = 0;

  void set_learning_rate(double rate) { runner_.optimizer().set_learning_rate(rate); }
  double learning_rate() const { return runner_.optimizer().learning_rate(); }
  virtual Index batches_per_epoch() const = 0;

  Network& network() { return network_; }
  /// Bytes of parameters, gradients, optimizer state and workspaces.
  virtual std::size_t memory() const;

 protected:
  /// Builds the network with fresh weights. Throws InvalidArgument where a setting is out of its
  /// range.
  TrainedNetwork(const NetworkSpec& network, const TrainingSpec& training,
                 std::shared_ptr<ThreadPool> pool);

  /// Parameters, and what the optimizer remembers.
  void visit_state(StateVisitor& visit) override;
  /// Begins an evaluation and advances it to the end.
  void finish_evaluation(Split split);
  /// The most examples that are loaded or turned together.
  Index chunk() const { return std::max(runner_.chunk(), inference_.chunk()); }

  std::shared_ptr<ThreadPool> pool_;
  Network network_;
  StepRunner runner_;
  Inference inference_;

 private:
  void abandon_step() override { runner_.cancel(); }
  /// Chooses the next batch and begins with the runner.
  virtual void begin_step() = 0;
  /// Sets epoch, batch and accuracy of a step with so many right predictions; goes on to the next.
  virtual void finish_step(StepMetrics& metrics, Index correct) = 0;
};

}  // namespace kernelgarten
