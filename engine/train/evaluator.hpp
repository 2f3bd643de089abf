#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/data/image_dataset.hpp"
#include "engine/train/inference.hpp"
#include "engine/train/metrics.hpp"
#include "engine/train/objective.hpp"

namespace kernelgarten {

/// Measures loss, accuracy and confusions over a data set, a chunk for each thread at a call, so
/// that whoever drives it can do something else in between. The chunks, and the order in which
/// they count, are the same for any number of threads.
class Evaluator {
 public:
  Evaluator(Split split, Index step, std::shared_ptr<const ImageDataset> data);

  /// Measures the next chunks; true when all are done. No step of training must end in between.
  /// There is a loss lane for each thread.
  bool advance(Inference& inference, std::span<LossLane> lanes);

  bool done() const { return result_.count == data_->count(); }
  /// The averages over what has been measured so far.
  const Evaluation& result() const { return result_; }
  /// The class given to each example, once it has been measured.
  const std::vector<std::uint8_t>& predictions() const { return predictions_; }

 private:
  /// Loads the examples, where a lane's memory begins, and notes their labels.
  void load(Range examples, float* to, std::vector<std::int32_t>& labels) const;
  /// Notes the predictions, and tells how many are right.
  Index predict(Range examples, const float* outputs);
  void count(Range examples);

  std::shared_ptr<const ImageDataset> data_;
  Evaluation result_;
  Score sum_{};
  std::vector<std::uint8_t> predictions_;
};

}  // namespace kernelgarten
