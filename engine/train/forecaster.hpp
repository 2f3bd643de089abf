#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/data/batch_sampler.hpp"
#include "engine/inspect/inspector.hpp"
#include "engine/network/step_reader.hpp"
#include "engine/train/trained_network.hpp"

namespace kernelgarten {

/// How well the next value of a part of a series is foreseen.
struct ForecastEvaluation {
  Split split;
  /// Steps taken when it began.
  Index step;
  /// Values foreseen.
  Index count;
  /// Mean squared error.
  double loss;
};

/// Trains a network to foresee a series, value by value. The network reads sequences [steps, 1] and
/// gives a prediction of the next value after each step [steps, 1]; the loss is the mean squared
/// error over all steps. An example is a window of steps + 1 neighbouring values, at any place of
/// the part that is trained on: an epoch goes once through all of them, in an order drawn anew.
/// Recurrent layers start each window at zero. The metrics' accuracy is NaN.
class Forecaster : public TrainedNetwork {
 public:
  /// The last `validation_share` of the series is for `Split::kTest`. Throws InvalidArgument where
  /// network and series do not fit each other, or a setting is out of its range; InvalidData where
  /// a value is not finite.
  Forecaster(std::vector<float> series, double validation_share, const NetworkSpec& network,
             const TrainingSpec& training,
             std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));

  /// An evaluation goes through windows that stand side by side, each from zero.
  void begin_evaluation(Split split) override;
  bool advance_evaluation() override;
  const ForecastEvaluation& evaluation() const { return evaluation_; }
  /// Begins, advances to the end and returns.
  const ForecastEvaluation& evaluate(Split split);

  /// Reads the values one by one: element i is the prediction of value i + 1 after values 0 to i.
  /// Throws InvalidData where a value is not finite, as the two below.
  std::vector<float> foresee(std::span<const float> values);
  /// Reads the history and goes on with it alone: `count` predictions, each of which is read as the
  /// next value. Throws InvalidArgument without any history.
  std::vector<float> forecast(std::span<const float> history, Index count);
  /// What every layer puts out, and has inside, after each of these values.
  std::vector<LayerInspection> inspect(std::span<const float> values);

  Index batches_per_epoch() const override { return sampler_.batches_per_epoch(); }
  std::size_t memory() const override;

 private:
  void visit_state(StateVisitor& visit) override;
  void begin_step() override;
  void finish_step(StepMetrics& metrics, Index correct) override;
  void load(float* input, Examples examples, int lane) override;
  Score turn(float* d_outputs, const float* outputs, Examples examples, int lane) override;
  /// The values of a split.
  std::span<const float> part(Split split) const {
    return split == Split::kTrain ? train_ : validation_;
  }
  /// Mean squared error of these examples, whose windows begin at begin(example).
  template <class Begin>
  Score compare(float* d_outputs, const float* outputs, Examples examples, int lane,
                const Begin& begin);
  float read(float value);

  NetworkSpec spec_;
  std::vector<float> series_;
  std::span<const float> train_;
  std::span<const float> validation_;
  Index steps_;
  BatchSampler sampler_;
  StepReader reader_;
  /// What each lane's chunk is to foresee.
  std::vector<std::vector<float>> targets_;
  /// Where the windows of the step in progress begin.
  std::span<const std::uint32_t> batch_;
  ForecastEvaluation evaluation_{};
  Index evaluated_windows_ = 0;
  Score evaluation_sum_{};
};

}  // namespace kernelgarten
