#pragma once

#include <vector>

#include "engine/network/network.hpp"

namespace kernelgarten {

/// What a workspace remembers. For training, activations that overwrite their input do so, and
/// two buffers take turns for the gradients. For inspection, every layer keeps its own output and
/// its own gradient.
enum class Keep { kForTraining, kForInspection };

/// The memory of a network's passes over at most `max_batch` examples, planned and allocated once:
/// a pass allocates nothing. Several workspaces can serve one network.
class Workspace {
 public:
  /// Throws InvalidArgument where a batch is too large to hold.
  Workspace(const Network& network, Index max_batch, Keep keep);

  Index max_batch() const { return max_batch_; }
  /// Where the caller puts the examples, one after another.
  float* input() { return input_.data(); }
  const float* output() const { return activation(outputs_.size() - 1); }
  /// Where the caller puts the gradient of the loss with respect to the output.
  float* output_gradient() { return gradients_.data() + gradient_offsets_.back(); }

  /// Output of layer `index` after `forward`; kept for good only for inspection.
  const float* activation(std::size_t index) const {
    return activations_.data() + outputs_[index].offset;
  }
  /// Gradient with respect to that output after `backward`; only for inspection.
  const float* gradient(std::size_t index) const {
    return gradients_.data() + gradient_offsets_[index];
  }

  /// Runs the first `batch` examples of `input`. `step` names the random numbers of dropout.
  void forward(Network& network, Index batch, Mode mode, std::uint64_t step);
  /// Adds to the network's gradients; follows a `forward` with the same arguments.
  void backward(Network& network, Index batch, Mode mode, std::uint64_t step);

  /// Bytes held.
  std::size_t memory() const;

 private:
  struct Output {
    Index offset;
    /// Lies where the layer's input lies.
    bool shared;
  };

  void plan_activations(const Network& network, Keep keep);
  void plan_gradients(const Network& network, Keep keep);
  void plan_saved(const Network& network);
  LayerPass make_pass(Network& network, std::size_t index, Index batch, Mode mode,
                      std::uint64_t step);

  Index max_batch_;
  AlignedBuffer<float> input_;
  AlignedBuffer<float> activations_;
  AlignedBuffer<float> gradients_;
  AlignedBuffer<float> saved_;
  AlignedBuffer<float> scratch_;
  std::vector<Output> outputs_;
  std::vector<Index> gradient_offsets_;
  std::vector<Index> saved_offsets_;
};

}  // namespace kernelgarten
