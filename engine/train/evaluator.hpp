#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/data/image_dataset.hpp"
#include "engine/network/workspace.hpp"
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
  /// The workspace and `lanes` have as many lanes as the pool has threads.
  bool advance(Network& network, Workspace& workspace, std::span<LossLane> lanes, ThreadPool& pool);

  bool done() const { return result_.count == data_->count(); }
  /// The averages over what has been measured so far.
  const Evaluation& result() const { return result_; }
  /// The class given to each example, once it has been measured.
  const std::vector<std::uint8_t>& predictions() const { return predictions_; }

 private:
  /// Loads the examples, where a lane's memory begins, and notes their labels.
  void load(Range examples, float* to, std::vector<std::int32_t>& labels) const;
  void predict(Range examples, const float* outputs);
  void count(Range examples);

  std::shared_ptr<const ImageDataset> data_;
  Evaluation result_;
  Index correct_ = 0;
  double loss_sum_ = 0.0;
  std::vector<std::uint8_t> predictions_;
};

}  // namespace kernelgarten
