#pragma once

#include <vector>

#include "engine/network/batch_schedule.hpp"
#include "engine/network/network.hpp"

namespace kernelgarten {

/// What a workspace remembers. As much as the way back needs: activations that may overwrite their
/// input do so, and buffers take turns for the gradients. Or, to be looked at, every layer's own
/// output and its own gradient.
enum class Keep { kNeeded, kEverything };

/// What a pass through a network is for, and what it writes beside the workspace.
struct PassContext {
  Mode mode;
  /// Names the random numbers of dropout.
  std::uint64_t step;
  /// Running statistics, laid out as the network's; training changes them.
  float* state;
  /// Parameter gradients to add to, laid out as the network's; backward only.
  float* gradients;
};

/// The memory of a network's passes over at most `max_batch` examples that go in chunks as a
/// BatchSchedule has them. Planned and allocated once: a pass allocates nothing. Several workspaces
/// can serve one network.
class Workspace {
 public:
  /// Throws InvalidArgument where a batch is too large to hold.
  Workspace(const Network& network, Index max_batch, Index chunk, Keep keep);

  /// The most examples that can go through all layers together.
  Index chunk() const { return chunk_; }

  /// Where the caller puts these examples, one after another.
  float* input(Examples examples) { return input_.data() + input_slot_.at(examples); }
  const float* output(Examples examples) const {
    return activation(activation_slots_.size() - 1, examples);
  }
  /// Where the caller puts the gradient of the loss with respect to that output.
  float* output_gradient(Examples examples) {
    return gradients_.data() + gradient_slots_.back().at(examples);
  }

  /// Output of layer `index` after `forward`; kept for good only with kEverything.
  const float* activation(std::size_t index, Examples examples) const {
    return activations_.data() + activation_slots_[index].at(examples);
  }
  /// Whether the outputs of a whole batch are held, and not only those of the newest chunk.
  bool holds_batch(std::size_t index) const { return activation_slots_[index].whole_batch; }
  /// Gradient with respect to that output after `backward`; only with kEverything.
  const float* gradient(std::size_t index, Examples examples) const {
    return gradients_.data() + gradient_slots_[index].at(examples);
  }

  void forward(const Network& network, Layers layers, Examples examples, const PassContext& context);
  /// Adds to the context's gradients; follows a `forward` with the same arguments.
  void backward(const Network& network, Layers layers, Examples examples,
                const PassContext& context);

  /// Bytes held.
  std::size_t memory() const;

 private:
  /// A part of a buffer with `size` floats for each example of a batch, or of a chunk.
  struct Slot {
    Index offset;
    Index size;
    bool whole_batch;

    Index at(Examples examples) const { return offset + (whole_batch ? examples.begin * size : 0); }
  };

  Index rows(bool whole_batch) const { return whole_batch ? max_batch_ : chunk_; }
  void plan_activations(const Network& network, Keep keep);
  void plan_gradients(const Network& network);
  void plan_every_gradient(const Network& network);
  void plan_saved(const Network& network);
  LayerPass make_pass(const Network& network, std::size_t index, Examples examples,
                      const PassContext& context);

  Index max_batch_;
  Index chunk_;
  AlignedBuffer<float> input_;
  AlignedBuffer<float> activations_;
  AlignedBuffer<float> gradients_;
  AlignedBuffer<float> saved_;
  AlignedBuffer<float> scratch_;
  Slot input_slot_;
  std::vector<Slot> activation_slots_;
  std::vector<Slot> gradient_slots_;
  std::vector<Slot> saved_slots_;
};

}  // namespace kernelgarten
