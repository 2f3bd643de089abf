#include "engine/network/workspace.hpp"

#include <algorithm>
#include <cmath>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Floats past which a tab runs out of memory (1 GiB), and low enough that where an Index has
/// 32 bits, as in WebAssembly, no size overflows.
constexpr double kMostFloats = 1 << 28;

/// Counts in double what the plan below will take: the input, an activation and its saved numbers
/// per layer, two gradients.
Index checked_batch(const Network& network, Index max_batch) {
  double per_example = wide_element_count(network.input_shape());
  double largest = 0.0;
  for (const Stage& stage : network.stages()) {
    const double count = wide_element_count(stage.output_shape);
    per_example += 2.0 * count;
    largest = std::max(largest, count);
  }
  const double floats = static_cast<double>(max_batch) * (per_example + 2.0 * largest);
  check(floats <= kMostFloats, "[training] a batch of ", max_batch, " needs about ",
        std::ceil(floats * sizeof(float) / 1e6), " MB, more than the ",
        std::floor(kMostFloats * sizeof(float) / 1e6),
        " MB that fit; choose a smaller batch or network");
  return max_batch;
}

}  // namespace

Workspace::Workspace(const Network& network, Index max_batch, Keep keep)
    : max_batch_(checked_batch(network, max_batch)),
      input_(max_batch * element_count(network.input_shape())) {
  plan_activations(network, keep);
  plan_gradients(network, keep);
  plan_saved(network);
}

void Workspace::plan_activations(const Network& network, Keep keep) {
  Index end = 0;
  // Whether some layer's way back reads the buffer that now holds the newest output.
  bool needed = true;
  for (const Stage& stage : network.stages()) {
    const InPlace in_place = stage.layer->in_place();
    const bool overwrite =
        in_place == InPlace::kOverwrites && keep == Keep::kForTraining && !needed;
    const bool shared = !outputs_.empty() && (overwrite || in_place == InPlace::kKeepsValues);
    outputs_.push_back({shared ? outputs_.back().offset : end, shared});
    needed = stage.layer->backward_reads_output() || (shared && needed);
    if (!shared) end += aligned_count(max_batch_ * element_count(stage.output_shape));
  }
  activations_ = AlignedBuffer<float>(end);
}

void Workspace::plan_gradients(const Network& network, Keep keep) {
  const std::vector<Stage>& stages = network.stages();
  Index largest = 0, total = 0;
  for (const Stage& stage : stages) {
    const Index size = aligned_count(max_batch_ * element_count(stage.output_shape));
    if (keep == Keep::kForInspection) gradient_offsets_.push_back(total);
    total += size;
    largest = std::max(largest, size);
  }
  if (keep == Keep::kForInspection) {
    gradients_ = AlignedBuffer<float>(total);
    return;
  }
  // From the last layer to the first: the gradient stays where it is through layers that work in
  // place, and changes over to the other of two buffers at the others.
  gradient_offsets_.assign(stages.size(), 0);
  for (std::size_t i = stages.size() - 1; i > 0; --i) {
    const bool stays = stages[i].layer->in_place() != InPlace::kNo;
    gradient_offsets_[i - 1] = stays ? gradient_offsets_[i] : largest - gradient_offsets_[i];
  }
  gradients_ = AlignedBuffer<float>(2 * largest);
}

void Workspace::plan_saved(const Network& network) {
  Index saved = 0, scratch = 0;
  for (const Stage& stage : network.stages()) {
    saved_offsets_.push_back(saved);
    saved += aligned_count(stage.layer->saved_size(max_batch_));
    scratch = std::max(scratch, stage.layer->scratch_size(max_batch_));
  }
  saved_ = AlignedBuffer<float>(saved);
  scratch_ = AlignedBuffer<float>(aligned_count(scratch));
}

LayerPass Workspace::make_pass(Network& network, std::size_t index, Index batch, Mode mode,
                               std::uint64_t step) {
  const Stage& stage = network.stages()[index];
  const bool first = index == 0;
  return {
      .mode = mode,
      .batch = batch,
      .in = first ? input_.data() : activation(index - 1),
      .out = activations_.data() + outputs_[index].offset,
      .d_out = gradient(index),
      .d_in = first ? nullptr : gradients_.data() + gradient_offsets_[index - 1],
      .parameters = network.parameters().data() + stage.parameter_offset,
      .gradients = network.gradients().data() + stage.parameter_offset,
      .state = network.state().data() + stage.state_offset,
      .saved = saved_.data() + saved_offsets_[index],
      .scratch = Scratch(scratch_.data()),
      .seed = network.seed(),
      .random_stream = random_stream(RandomUse::kDropout, step * kMostLayers + index),
  };
}

void Workspace::forward(Network& network, Index batch, Mode mode, std::uint64_t step) {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    network.stages()[i].layer->forward(make_pass(network, i, batch, mode, step));
  }
}

void Workspace::backward(Network& network, Index batch, Mode mode, std::uint64_t step) {
  for (std::size_t i = outputs_.size(); i-- > 0;) {
    network.stages()[i].layer->backward(make_pass(network, i, batch, mode, step));
  }
}

std::size_t Workspace::memory() const {
  const Index floats =
      input_.size() + activations_.size() + gradients_.size() + saved_.size() + scratch_.size();
  return static_cast<std::size_t>(floats) * sizeof(float);
}

}  // namespace kernelgarten
