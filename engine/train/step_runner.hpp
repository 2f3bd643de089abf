#pragma once

#include <memory>
#include <optional>
#include <span>

#include "engine/network/workspace.hpp"
#include "engine/optim/optimizer.hpp"
#include "engine/train/gradient_shards.hpp"

namespace kernelgarten {

/// How well some examples did: their mean loss, or a part of a mean or sum, and how many
/// predictions were right.
struct Score {
  double loss;
  Index correct;

  Score& operator+=(const Score& other) {
    loss += other.loss;
    correct += other.correct;
    return *this;
  }
};

/// What a step of training does besides taking examples through a network.
class StepTask {
 public:
  virtual ~StepTask() = default;
  /// Puts these examples of the batch where the network reads them.
  virtual void load(float* input, Examples examples, int lane) = 0;
  /// Compares the outputs of these examples with what was wanted: their mean loss, whose gradient is
  /// written.
  virtual Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) = 0;
};

/// A finished step.
struct StepResult {
  Score score;
  /// Of the whole gradient, before clipping.
  double gradient_norm;
};

/// Takes a network through optimizer steps, part by part, on all threads: the schedule of a batch,
/// the memory of its passes, gradients in shards, the optimizer. The network sees nothing of a step
/// before it is finished. After construction nothing is allocated, and every number has the same
/// bits for any number of threads.
class StepRunner {
 public:
  /// Throws InvalidArgument where a setting is out of its range or the batch too large to hold.
  StepRunner(Network& network, Index batch_size, const OptimizerSpec& optimizer,
             std::shared_ptr<ThreadPool> pool);

  bool in_progress() const { return !schedule_.done(); }
  /// Starts a step on a batch of `count` examples; none is in progress.
  void begin(Index count, const CarriedStates& carried = {});
  /// The next part, some 20 ms on a slow machine; the result, and new weights, with the last one.
  /// Throws NonFinite, with the weights as they were, where loss or gradient stops being a number.
  std::optional<StepResult> advance(StepTask& task);

  /// Gives up a step in progress.
  void cancel() { schedule_.cancel(); }
  /// How many steps are finished, and what the optimizer remembers of them.
  void visit_state(StateVisitor& visit);

  /// Steps finished so far.
  Index steps() const { return steps_; }
  /// The most examples that go through the network together.
  Index chunk() const { return chunk_; }
  Optimizer& optimizer() { return *optimizer_; }
  const Optimizer& optimizer() const { return *optimizer_; }

  /// Bytes held, the network's own not included.
  std::size_t memory() const;

 private:
  void run_part(StepTask& task, const StepPart& part);
  Score run_item(StepTask& task, const StepPart& part, const WorkItem& item, int lane);
  Score turn(StepTask& task, Examples examples, int lane);
  StepResult finish();
  void commit(double gradient_norm);
  PassContext pass(Index shard);

  Network& network_;
  std::shared_ptr<ThreadPool> pool_;
  Index shards_;
  Index chunk_;
  BatchSchedule schedule_;
  Workspace workspace_;
  std::unique_ptr<Optimizer> optimizer_;
  double clip_norm_;
  /// Gradients and running statistics that the network takes over when a step is finished.
  GradientShards gradients_;
  AlignedBuffer<float> state_;
  CarriedStates carried_{};
  Index batch_ = 0;
  Score score_{};
  Index steps_ = 0;
};

}  // namespace kernelgarten
