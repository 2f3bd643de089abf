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
Index checked_batch(const Network& network, Index max_batch, Index chunk) {
  const std::size_t turn = first_layer_of_turn(network);
  const auto rows = [&](std::size_t layer) {
    return static_cast<double>(layer < turn ? max_batch : chunk);
  };
  double floats = wide_element_count(network.input_shape()) * rows(0);
  double largest = 0.0;
  for (std::size_t i = 0; i < network.stages().size(); ++i) {
    const double count = wide_element_count(network.stages()[i].output_shape) * rows(i);
    floats += 2.0 * count;
    largest = std::max(largest, count);
  }
  floats += 2.0 * largest;
  check(floats <= kMostFloats, "[training] a batch of ", max_batch, " needs about ",
        std::ceil(floats * sizeof(float) / 1e6), " MB, more than the ",
        std::floor(kMostFloats * sizeof(float) / 1e6),
        " MB that fit; choose a smaller batch or network");
  return max_batch;
}

bool mixes(const Network& network, std::size_t index) {
  return index < network.stages().size() && network.stages()[index].layer->mixes_examples();
}

}  // namespace

Workspace::Workspace(const Network& network, Index max_batch, Index chunk, Keep keep)
    : max_batch_(checked_batch(network, max_batch, chunk)),
      chunk_(chunk),
      input_slot_{0, element_count(network.input_shape()), first_layer_of_turn(network) > 0} {
  input_ = AlignedBuffer<float>(rows(input_slot_.whole_batch) * input_slot_.size);
  plan_activations(network, keep);
  if (keep == Keep::kNeeded) {
    plan_gradients(network);
  } else {
    plan_every_gradient(network);
  }
  plan_saved(network);
}

void Workspace::plan_activations(const Network& network, Keep keep) {
  const std::size_t turn = first_layer_of_turn(network);
  Index end = 0;
  // Whether some layer's way back reads the buffer that now holds the newest output.
  bool needed = true;
  for (std::size_t i = 0; i < network.stages().size(); ++i) {
    const Stage& stage = network.stages()[i];
    const InPlace in_place = stage.layer->in_place();
    const bool overwrite = in_place == InPlace::kOverwrites && keep == Keep::kNeeded && !needed;
    const bool shared = i > 0 && (overwrite || in_place == InPlace::kKeepsValues);
    needed = stage.layer->backward_reads_output() || (shared && needed);
    if (shared) {
      activation_slots_.push_back(activation_slots_.back());
      continue;
    }
    const Slot slot{end, element_count(stage.output_shape), i < turn};
    activation_slots_.push_back(slot);
    end += aligned_count(rows(slot.whole_batch) * slot.size);
  }
  activations_ = AlignedBuffer<float>(end);
}

/// From the last layer to the first: the gradient stays where it is through layers that work in
/// place, and changes over to the other of two buffers at the others. What goes into and out of a
/// layer that mixes examples has two buffers of its own, for the whole batch.
void Workspace::plan_gradients(const Network& network) {
  const std::vector<Stage>& stages = network.stages();
  gradient_slots_.resize(stages.size());
  Index largest[2] = {0, 0};
  Index turns[2] = {0, 0};
  for (std::size_t i = stages.size(); i-- > 0;) {
    Slot& slot = gradient_slots_[i];
    slot.size = element_count(stages[i].output_shape);
    slot.whole_batch = mixes(network, i) || mixes(network, i + 1);
    const bool stays = i + 1 < stages.size() && !slot.whole_batch &&
                       !gradient_slots_[i + 1].whole_batch &&
                       stages[i + 1].layer->in_place() != InPlace::kNo;
    const int kind = slot.whole_batch ? 1 : 0;
    // For now, which of the two; an offset below.
    if (!stays) turns[kind] = 1 - turns[kind];
    slot.offset = turns[kind];
    largest[kind] = std::max(largest[kind], aligned_count(rows(slot.whole_batch) * slot.size));
  }
  for (Slot& slot : gradient_slots_) {
    slot.offset *= largest[slot.whole_batch ? 1 : 0];
    if (slot.whole_batch) slot.offset += 2 * largest[0];
  }
  gradients_ = AlignedBuffer<float>(2 * (largest[0] + largest[1]));
}

void Workspace::plan_every_gradient(const Network& network) {
  Index end = 0;
  for (const Stage& stage : network.stages()) {
    const Slot slot{end, element_count(stage.output_shape), true};
    gradient_slots_.push_back(slot);
    end += aligned_count(max_batch_ * slot.size);
  }
  gradients_ = AlignedBuffer<float>(end);
}

void Workspace::plan_saved(const Network& network) {
  const std::size_t turn = first_layer_of_turn(network);
  Index saved = 0, scratch = 0;
  for (std::size_t i = 0; i < network.stages().size(); ++i) {
    const Layer& layer = *network.stages()[i].layer;
    saved_slots_.push_back({saved, layer.saved_size(1), i < turn});
    saved += aligned_count(layer.saved_size(rows(i < turn)));
    scratch = std::max(scratch, layer.scratch_size(rows(layer.mixes_examples())));
  }
  saved_ = AlignedBuffer<float>(saved);
  scratch_ = AlignedBuffer<float>(aligned_count(scratch));
}

LayerPass Workspace::make_pass(const Network& network, std::size_t index, Examples examples,
                               const PassContext& context) {
  const Stage& stage = network.stages()[index];
  const bool first = index == 0;
  return {
      .mode = context.mode,
      .batch = examples.count(),
      .first_example = examples.begin,
      .in = first ? input(examples) : activation(index - 1, examples),
      .out = activations_.data() + activation_slots_[index].at(examples),
      .d_out = gradient(index, examples),
      .d_in = first ? nullptr : gradients_.data() + gradient_slots_[index - 1].at(examples),
      .parameters = network.parameters().data() + stage.parameter_offset,
      .gradients =
          context.gradients == nullptr ? nullptr : context.gradients + stage.parameter_offset,
      .state = context.state + stage.state_offset,
      .saved = saved_.data() + saved_slots_[index].at(examples),
      .scratch = Scratch(scratch_.data()),
      .seed = network.seed(),
      .random_stream = random_stream(RandomUse::kDropout, context.step * kMostLayers + index),
  };
}

void Workspace::forward(const Network& network, Layers layers, Examples examples,
                        const PassContext& context) {
  for (std::size_t i = layers.begin; i < layers.end; ++i) {
    network.stages()[i].layer->forward(make_pass(network, i, examples, context));
  }
}

void Workspace::backward(const Network& network, Layers layers, Examples examples,
                         const PassContext& context) {
  for (std::size_t i = layers.end; i-- > layers.begin;) {
    network.stages()[i].layer->backward(make_pass(network, i, examples, context));
  }
}

std::size_t Workspace::memory() const {
  const Index floats =
      input_.size() + activations_.size() + gradients_.size() + saved_.size() + scratch_.size();
  return static_cast<std::size_t>(floats) * sizeof(float);
}

}  // namespace kernelgarten
