#pragma once

#include <memory>
#include <vector>

#include "engine/data/image_dataset.hpp"
#include "engine/network/workspace.hpp"
#include "engine/train/metrics.hpp"
#include "engine/train/objective.hpp"

namespace kernelgarten {

/// Measures loss, accuracy and confusions over a data set, one chunk at a call, so that whoever
/// drives it can do something else in between.
class Evaluator {
 public:
  Evaluator(Split split, Index step, std::shared_ptr<const ImageDataset> data);

  /// Measures the next chunk; true when all are done. No step of training must end in between.
  bool advance(Network& network, Workspace& workspace, Objective& objective);

  bool done() const { return result_.count == data_->count(); }
  /// The averages over what has been measured so far.
  const Evaluation& result() const { return result_; }
  /// The class given to each example measured so far.
  const std::vector<std::uint8_t>& predictions() const { return predictions_; }

 private:
  std::shared_ptr<const ImageDataset> data_;
  Evaluation result_;
  Index correct_ = 0;
  double loss_sum_ = 0.0;
  std::vector<std::uint8_t> predictions_;
  std::vector<std::uint8_t> labels_;
};

}  // namespace kernelgarten
