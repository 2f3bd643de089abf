#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/data/batch_sampler.hpp"
#include "engine/data/image_dataset.hpp"
#include "engine/inspect/inspection.hpp"
#include "engine/network/workspace.hpp"
#include "engine/optim/optimizer.hpp"
#include "engine/train/evaluator.hpp"
#include "engine/train/gradient_shards.hpp"
#include "engine/train/metrics.hpp"
#include "engine/train/objective.hpp"

namespace kernelgarten {

/// Trains a network to tell the classes of a data set apart. After construction, `step` allocates
/// nothing. Every number that comes out has the same bits for any number of threads.
class Classifier {
 public:
  /// Builds the network with fresh weights. Throws InvalidArgument where network and data do not
  /// fit each other, or a training setting is out of its range.
  Classifier(std::shared_ptr<const ImageDataset> train, std::shared_ptr<const ImageDataset> test,
             const NetworkSpec& network, const TrainingSpec& training,
             std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));

  /// One optimizer step on the next batch. Throws NonFinite, with the weights as they were before,
  /// when loss or gradient stops being a number.
  StepMetrics step();
  /// The next part of a step, some 20 ms on a slow machine: begins one where none is in progress.
  /// Metrics, and new weights, with the last part. Whatever else is asked in between sees the
  /// network as the last finished step left it.
  std::optional<StepMetrics> advance_step();

  /// Starts a new evaluation; `advance_evaluation` measures a few examples on each thread, true
  /// when done.
  void begin_evaluation(Split split);
  bool advance_evaluation();
  /// The newest finished evaluation, if there is one.
  const Evaluation* evaluation() const { return finished_ ? &finished_->result() : nullptr; }
  /// Begins, advances to the end and returns.
  const Evaluation& evaluate(Split split);
  /// The class given to each example of `split` when it was last evaluated; empty before.
  const std::vector<std::uint8_t>& predictions(Split split) const;

  /// Class probabilities [n, classes] of n images given as bytes.
  std::vector<float> predict(std::span<const std::uint8_t> images);

  /// Every layer's output for one image, with gradients of the loss if a label is given.
  std::vector<LayerInspection> inspect(std::span<const std::uint8_t> image,
                                       std::optional<std::uint8_t> label);

  void set_learning_rate(double rate) { optimizer_->set_learning_rate(rate); }
  double learning_rate() const { return optimizer_->learning_rate(); }
  Index batches_per_epoch() const { return sampler_.batches_per_epoch(); }

  Network& network() { return network_; }
  /// Bytes of parameters, gradients, optimizer state and workspaces.
  std::size_t memory() const;

 private:
  /// What a chunk adds to the metrics of its step.
  struct Score {
    double loss;
    Index correct;
  };
  /// A step in progress, with the sums over its chunks.
  struct Progress {
    std::span<const std::uint32_t> batch;
    Score score;
  };

  Index classes() const { return train_->classes(); }
  void add_lanes(Loss loss);
  void begin_step();
  void run_part(const StepPart& part);
  Score run_item(const StepPart& part, const WorkItem& item, int lane);
  StepMetrics finish_step();
  void commit(double gradient_norm);
  void load(Examples examples, int lane);
  Score turn(Examples examples, int lane);
  PassContext training_pass(Index shard);
  PassContext inference_pass();

  std::shared_ptr<const ImageDataset> train_;
  std::shared_ptr<const ImageDataset> test_;
  std::shared_ptr<ThreadPool> pool_;
  Network network_;
  Index shards_;
  /// The most examples of a chunk, in training and in inference.
  Index chunk_;
  Index inference_chunk_;
  BatchSchedule schedule_;
  Workspace workspace_;
  /// For evaluations and predictions, which may fall into a step in progress.
  Workspace inference_;
  Workspace inspection_;
  std::vector<LossLane> lanes_;
  std::unique_ptr<Optimizer> optimizer_;
  double clip_norm_;
  BatchSampler sampler_;
  /// Gradients and running statistics that the network takes over when a step is finished.
  GradientShards gradients_;
  AlignedBuffer<float> state_;
  Progress progress_{};
  Index steps_ = 0;
  std::optional<Evaluator> running_;
  std::optional<Evaluator> finished_;
  std::vector<std::uint8_t> train_predictions_;
  std::vector<std::uint8_t> test_predictions_;
};

}  // namespace kernelgarten
