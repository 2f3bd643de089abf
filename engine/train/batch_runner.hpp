#pragma once

#include <memory>

#include "engine/network/workspace.hpp"
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

/// What a batch needs besides being taken through a network.
class BatchTask {
 public:
  virtual ~BatchTask() = default;
  /// Puts these examples of the batch where the network reads them.
  virtual void load(float* input, Examples examples, int lane) = 0;
  /// Compares the outputs of these examples with what was wanted: their mean loss, whose gradient
  /// is written.
  virtual Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) = 0;
};

/// One batch of examples on its way through a network.
struct BatchPass {
  Index count;
  /// Names the random numbers of dropout.
  std::uint64_t step;
  /// Running statistics, laid out as the network's, which change.
  float* state;
  /// Of the parameters, to add to; null where nobody needs them.
  GradientShards* gradients;
  CarriedStates carried{};
  /// As in PassContext.
  float* d_input = nullptr;
};

/// Takes batches through a network to a loss and back, part by part, on all threads: the schedule
/// of a batch and the memory of its passes. After construction nothing is allocated, and every
/// number has the same bits for any number of threads.
class BatchRunner {
 public:
  /// Throws InvalidArgument where the batch is too large to hold.
  BatchRunner(Network& network, Index batch_size, Keep keep, std::shared_ptr<ThreadPool> pool);

  bool in_progress() const { return !schedule_.done(); }
  /// Starts a batch; none is in progress.
  void begin(const BatchPass& pass, Trip trip = Trip::kThereAndBack);
  /// The next part, some 20 ms on a slow machine; true when the batch is through. Throws NonFinite
  /// where the loss, or the output of a batch that only goes there, stops being a number.
  bool advance(BatchTask& task);
  /// Gives up the batch in progress.
  void cancel() { schedule_.cancel(); }

  /// The mean loss of the batch, and its right predictions.
  const Score& score() const { return score_; }
  /// With Keep::kBatch, of a batch that is there: outputs, and the place for their gradients.
  const float* output() const { return workspace_.output({0, pass_.count}, 0); }
  float* output_gradient() { return workspace_.output_gradient({0, pass_.count}, 0); }

  /// How many parts of a batch have gradients of their own.
  Index shards() const { return shards_; }
  /// The most examples that go through the network together.
  Index chunk() const { return chunk_; }

  /// Bytes held.
  std::size_t memory() const { return workspace_.memory(); }

 private:
  void run_part(BatchTask& task, const StepPart& part);
  Score run_item(BatchTask& task, const StepPart& part, const WorkItem& item, int lane);
  Score turn(BatchTask& task, Examples examples, int lane);
  PassContext context(Index shard);

  Network& network_;
  std::shared_ptr<ThreadPool> pool_;
  Index shards_;
  Index chunk_;
  BatchSchedule schedule_;
  Workspace workspace_;
  BatchPass pass_{};
  Trip trip_ = Trip::kThereAndBack;
  Score score_{};
};

}  // namespace kernelgarten
