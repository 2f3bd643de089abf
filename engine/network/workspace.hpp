#pragma once

#include <utility>
#include <vector>

#include "engine/network/batch_schedule.hpp"
#include "engine/network/network.hpp"

namespace kernelgarten {

/// What a workspace remembers. As much as the way back needs: the network's fused stages are
/// executed, activations that may overwrite their input do so, and buffers take turns for the
/// gradients. The same of all examples, so that a batch can be all the way through before any of it
/// comes back. Or, to be looked at, every layer's own output and its own gradient.
enum class Keep { kNeeded, kBatch, kEverything };

/// What recurrent layers carry from one pass to the next, one row of `Network::carried_size()`
/// floats for each example of the batch. Without `initial` sequences start at zero; without `final`
/// nobody wants to know how they ended.
struct CarriedStates {
  const float* initial = nullptr;
  float* final = nullptr;
};

/// What a pass through a network is for, and what it writes beside the workspace.
struct PassContext {
  Mode mode;
  /// Names the random numbers of dropout.
  std::uint64_t step;
  /// Running statistics, laid out as the network's; training changes them.
  float* state;
  /// Parameter gradients to add to, laid out as the network's; backward only, null where nobody
  /// needs them.
  float* gradients;
  /// For layers that mix examples.
  ThreadPool& pool;
  CarriedStates carried{};
  /// Where the gradient with respect to the network's input goes, one row for each example of the
  /// batch; null where nobody needs it.
  float* d_input = nullptr;
};

/// How many examples a workspace holds.
struct WorkspaceSize {
  /// The most in a batch.
  Index batch;
  /// The most that go through all layers together.
  Index chunk;
  /// How many chunks can be on their way at the same time.
  int lanes;
};

/// The memory of a network's passes over batches that go in chunks as a BatchSchedule has them:
/// one part for each lane, which holds one chunk, and one for the whole batch, where some layer
/// mixes examples and the chunks are smaller, or the batch is to be kept. Planned and allocated
/// once: a pass allocates nothing. Several workspaces can serve one network.
class Workspace {
 public:
  /// Throws InvalidArgument where a batch is too large to hold.
  Workspace(const Network& network, const WorkspaceSize& size, Keep keep);

  Index chunk() const { return size_.chunk; }

  /// Where the caller puts these examples, one after another.
  float* input(Examples examples, int lane) { return at(input_slot_, examples, lane); }
  const float* output(Examples examples, int lane) const {
    return activation(activation_slots_.size() - 1, examples, lane);
  }
  /// Where the caller puts the gradient of the loss with respect to that output.
  float* output_gradient(Examples examples, int lane) {
    return at(gradient_slots_.back(), examples, lane);
  }

  /// Output of stage `index` after `forward`; kept for good only with kEverything.
  const float* activation(std::size_t index, Examples examples, int lane) const {
    return at(activation_slots_[index], examples, lane);
  }
  /// Whether the outputs of a whole batch stay as they are while chunks go to the loss and back;
  /// those of the last layer before may be overwritten, by each chunk for its own examples.
  bool holds_batch(std::size_t index) const { return index + 1 < turn_; }
  /// Gradient with respect to that output after `backward`; only with kEverything.
  const float* gradient(std::size_t index, Examples examples, int lane) const {
    return at(gradient_slots_[index], examples, lane);
  }

  /// What stage `index` saved on its way forward.
  float* saved(std::size_t index, Examples examples, int lane) {
    return at(saved_slots_[index], examples, lane);
  }

  /// The stages of that network that are executed; `activation` and `Layers` count these.
  const std::vector<Stage>& stages(const Network& network) const {
    return keep_ == Keep::kEverything ? network.stages() : network.fused_stages();
  }
  Layers all_layers(const Network& network) const { return {0, stages(network).size()}; }

  /// Several lanes can be on their way at once, each with examples of its own.
  void forward(const Network& network, Layers layers, Examples examples, int lane,
               const PassContext& context);
  /// Adds to the context's gradients; follows a `forward` with the same arguments.
  void backward(const Network& network, Layers layers, Examples examples, int lane,
                const PassContext& context);

  /// Bytes held.
  std::size_t memory() const;

 private:
  /// A part of a memory with `size` floats for each example: of the batch's, or of every lane's.
  struct Slot {
    Index offset;
    Index size;
    bool whole_batch;
  };
  /// Floats planned so far.
  struct Plan {
    Index batch = 0;
    Index lane = 0;
  };

  const float* at(const Slot& slot, Examples examples, int lane) const {
    return slot.whole_batch ? batch_.data() + slot.offset + examples.begin * slot.size
                            : lanes_[static_cast<std::size_t>(lane)].data() + slot.offset;
  }
  float* at(const Slot& slot, Examples examples, int lane) {
    return const_cast<float*>(std::as_const(*this).at(slot, examples, lane));
  }
  Index rows(bool whole_batch) const { return whole_batch ? size_.batch : size_.chunk; }
  Slot reserve(Plan& plan, bool whole_batch, Index count) const;
  Slot reserve_rows(Plan& plan, bool whole_batch, Index size) const;
  void plan_activations(const Network& network, Plan& plan);
  void plan_gradients(const Network& network, Plan& plan);
  void plan_every_gradient(const Network& network, Plan& plan);
  void plan_saved(const Network& network, Plan& plan);
  void plan_scratch(const Network& network, Plan& plan);
  LayerPass make_pass(const Network& network, std::size_t index, Examples examples, int lane,
                      const PassContext& context);

  Keep keep_;
  WorkspaceSize size_;
  /// The layers before this one keep what belongs to them for the whole batch.
  std::size_t turn_;
  AlignedBuffer<float> batch_;
  std::vector<AlignedBuffer<float>> lanes_;
  Slot input_slot_{};
  Slot scratch_slots_[2]{};
  std::vector<Slot> activation_slots_;
  std::vector<Slot> gradient_slots_;
  std::vector<Slot> saved_slots_;
};

}  // namespace kernelgarten
