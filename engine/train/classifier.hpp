#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/data/batch_sampler.hpp"
#include "engine/data/image_dataset.hpp"
#include "engine/inspect/inspector.hpp"
#include "engine/network/step_reader.hpp"
#include "engine/train/evaluator.hpp"
#include "engine/train/metrics.hpp"
#include "engine/train/objective.hpp"
#include "engine/train/resumable.hpp"
#include "engine/train/step_runner.hpp"

namespace kernelgarten {

/// Trains a network to tell the classes of a data set apart. After construction, `step` allocates
/// nothing. Every number that comes out has the same bits for any number of threads.
class Classifier : public Resumable, private StepTask {
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

  /// Class probabilities [steps, classes] of one image after each of its rows, as if it ended there.
  /// Throws InvalidArgument unless the network reads it as a sequence, step by step.
  std::vector<float> predict_steps(std::span<const std::uint8_t> image);

  /// Every layer's output for one image, with gradients of the loss if a label is given.
  std::vector<LayerInspection> inspect(std::span<const std::uint8_t> image,
                                       std::optional<std::uint8_t> label);

  void set_learning_rate(double rate) { runner_.optimizer().set_learning_rate(rate); }
  double learning_rate() const { return runner_.optimizer().learning_rate(); }
  Index batches_per_epoch() const { return sampler_.batches_per_epoch(); }

  Network& network() { return network_; }
  /// Bytes of parameters, gradients, optimizer state and workspaces.
  std::size_t memory() const;

 private:
  Index classes() const { return train_->classes(); }
  void add_lanes(Loss loss);
  void load(float* input, Examples examples, int lane) override;
  Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) override;
  PassContext inference_pass();
  void visit_state(StateVisitor& visit) override;
  void abandon_step() override { runner_.cancel(); }
  void check_image(std::span<const std::uint8_t> image) const;

  std::shared_ptr<const ImageDataset> train_;
  std::shared_ptr<const ImageDataset> test_;
  std::shared_ptr<ThreadPool> pool_;
  Network network_;
  StepRunner runner_;
  Index inference_chunk_;
  /// For evaluations and predictions, which may fall into a step in progress.
  Workspace inference_;
  Inspector inspector_;
  /// Where the network can be read so.
  std::optional<StepReader> step_reader_;
  std::vector<LossLane> lanes_;
  BatchSampler sampler_;
  /// Of the step in progress.
  std::span<const std::uint32_t> batch_;
  std::optional<Evaluator> running_;
  std::optional<Evaluator> finished_;
  std::vector<std::uint8_t> train_predictions_;
  std::vector<std::uint8_t> test_predictions_;
};

}  // namespace kernelgarten
