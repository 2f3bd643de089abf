#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/data/batch_sampler.hpp"
#include "engine/data/image_dataset.hpp"
#include "engine/inspect/inspector.hpp"
#include "engine/network/step_reader.hpp"
#include "engine/train/evaluator.hpp"
#include "engine/train/objective.hpp"
#include "engine/train/trained_network.hpp"

namespace kernelgarten {

/// Trains a network to tell the classes of a data set apart.
class Classifier : public TrainedNetwork {
 public:
  /// Builds the network with fresh weights. Throws InvalidArgument where network and data do not
  /// fit each other, or a training setting is out of its range.
  Classifier(std::shared_ptr<const ImageDataset> train, std::shared_ptr<const ImageDataset> test,
             const NetworkSpec& network, const TrainingSpec& training,
             std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));

  void begin_evaluation(Split split) override;
  bool advance_evaluation() override;
  /// The newest finished evaluation, if there is one.
  const Evaluation* evaluation() const { return finished_ ? &finished_->result() : nullptr; }
  /// Begins, advances to the end and returns.
  const Evaluation& evaluate(Split split);
  /// The class given to each example of `split` when it was last evaluated; empty before.
  const std::vector<std::uint8_t>& predictions(Split split) const;

  /// Class probabilities [n, classes] of n images given as bytes.
  std::vector<float> predict(std::span<const std::uint8_t> images);

  /// Class probabilities [steps, classes] of one image after each of its rows, as if it ended
  /// there. Throws InvalidArgument unless the network reads it as a sequence, step by step.
  std::vector<float> predict_steps(std::span<const std::uint8_t> image);

  /// Every layer's output for one image, with gradients of the loss if a label is given.
  std::vector<LayerInspection> inspect(std::span<const std::uint8_t> image,
                                       std::optional<std::uint8_t> label);

  Index batches_per_epoch() const override { return sampler_.batches_per_epoch(); }
  std::size_t memory() const override;

 private:
  Index classes() const { return train_->classes(); }
  void add_lanes(Loss loss);
  void begin_step() override;
  void finish_step(StepMetrics& metrics, Index correct) override;
  void load(float* input, Examples examples, int lane) override;
  Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) override;
  PassContext inference_pass();
  void visit_state(StateVisitor& visit) override;
  void check_image(std::span<const std::uint8_t> image) const;

  std::shared_ptr<const ImageDataset> train_;
  std::shared_ptr<const ImageDataset> test_;
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
