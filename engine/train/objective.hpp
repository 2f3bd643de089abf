#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/network/spec.hpp"
#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// A loss over class labels, with what it means for the network's outputs: how they become
/// probabilities, and which last layer it expects.
class Objective {
 public:
  Objective(Loss loss, Index max_batch, Index classes);

  /// Throws InvalidArgument where the last layer's outputs are not what the loss is defined on.
  void check_last_layer(const std::string& type, const std::string& name) const;

  /// Mean loss of the batch; d_outputs [batch, classes] is written. Labels become one-hot targets
  /// where the loss compares outputs one by one.
  float compute(float* d_outputs, const float* outputs, std::span<const std::int32_t> labels);

  /// Class probabilities, or what comes nearest: softmax of logits, sigmoid of binary logits, and
  /// the outputs as they are for the losses on probabilities and squares.
  void probabilities(float* out, const float* outputs, Index batch) const;

  std::size_t memory() const { return static_cast<std::size_t>(targets_.size()) * sizeof(float); }

 private:
  Loss loss_;
  Index classes_;
  /// One-hot targets, or the probabilities that softmax cross-entropy leaves over.
  AlignedBuffer<float> targets_;
};

/// What a lane needs of its own to take a chunk to the loss.
struct LossLane {
  Objective objective;
  /// Of the chunk's examples.
  std::vector<std::int32_t> labels;
};

/// Position of the largest of `classes` outputs; the first of equals.
Index predicted_class(const float* outputs, Index classes);

/// How many of the examples have their largest output at the place of their label.
Index correct_predictions(const float* outputs, std::span<const std::int32_t> labels,
                          Index classes);

}  // namespace kernelgarten
