#include "engine/network/workspace.hpp"

#include <algorithm>
#include <cmath>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Floats past which a tab runs out of memory (1 GiB), and low enough that where an Index has
/// 32 bits, as in WebAssembly, no size overflows.
constexpr double kMostFloats = 1 << 28;

/// The first layer whose numbers every lane keeps for itself.
std::size_t turn_of(const Network& network, const WorkspaceSize& size, Keep keep) {
  if (keep == Keep::kBatch) return network.fused_stages().size();
  return size.chunk < size.batch ? first_layer_of_turn(network) : 0;
}

/// Counts in double what the plan below will take: the input, an activation and its saved numbers
/// per layer, two gradients.
void check_size(const Network& network, const WorkspaceSize& size, std::size_t turn) {
  const auto rows = [&](std::size_t layer) {
    return layer < turn ? static_cast<double>(size.batch)
                        : static_cast<double>(size.chunk) * static_cast<double>(size.lanes);
  };
  double floats = wide_element_count(network.input_shape()) * rows(0);
  double largest = 0.0;
  for (std::size_t i = 0; i < network.fused_stages().size(); ++i) {
    const double count = wide_element_count(network.fused_stages()[i].output_shape) * rows(i);
    floats += 2.0 * count;
    largest = std::max(largest, count);
  }
  floats += 2.0 * largest;
  check(floats <= kMostFloats, "[training] a batch of ", size.batch, " needs about ",
        std::ceil(floats * sizeof(float) / 1e6), " MB, more than the ",
        std::floor(kMostFloats * sizeof(float) / 1e6),
        " MB that fit; choose a smaller batch or network");
}

bool mixes(const std::vector<Stage>& stages, std::size_t index) {
  return index < stages.size() && stages[index].layer->mixes_examples();
}

}  // namespace

Workspace::Workspace(const Network& network, const WorkspaceSize& size, Keep keep)
    : keep_(keep), size_(size), turn_(turn_of(network, size, keep)) {
  check_size(network, size, turn_);
  Plan plan;
  input_slot_ = reserve_rows(plan, turn_ > 0, element_count(network.input_shape()));
  plan_activations(network, plan);
  if (keep == Keep::kEverything) {
    plan_every_gradient(network, plan);
  } else {
    plan_gradients(network, plan);
  }
  plan_saved(network, plan);
  plan_scratch(network, plan);
  batch_ = AlignedBuffer<float>(plan.batch);
  for (int lane = 0; lane < size.lanes; ++lane) lanes_.emplace_back(plan.lane);
}

Workspace::Slot Workspace::reserve(Plan& plan, bool whole_batch, Index count) const {
  Index& end = whole_batch ? plan.batch : plan.lane;
  const Slot slot{end, 0, whole_batch};
  end += aligned_count(count);
  return slot;
}

Workspace::Slot Workspace::reserve_rows(Plan& plan, bool whole_batch, Index size) const {
  Slot slot = reserve(plan, whole_batch, rows(whole_batch) * size);
  slot.size = size;
  return slot;
}

void Workspace::plan_activations(const Network& network, Plan& plan) {
  // Whether some layer's way back reads the buffer that now holds the newest output.
  bool needed = true;
  for (std::size_t i = 0; i < stages(network).size(); ++i) {
    const Stage& stage = stages(network)[i];
    const InPlace in_place = stage.layer->in_place();
    const bool overwrite =
        in_place == InPlace::kOverwrites && keep_ != Keep::kEverything && !needed;
    const bool shared = i > 0 && (overwrite || in_place == InPlace::kKeepsValues);
    needed = stage.layer->backward_reads_output() || (shared && needed);
    activation_slots_.push_back(
        shared ? activation_slots_.back()
               : reserve_rows(plan, i < turn_, element_count(stage.output_shape)));
  }
}

/// From the last layer to the first: the gradient stays where it is through layers that work in
/// place, and changes over to the other of two buffers at the others. What goes into and out of a
/// layer that mixes the examples of several chunks has two buffers of its own, for the whole batch,
/// and so has what comes back to a batch that is all the way through.
void Workspace::plan_gradients(const Network& network, Plan& plan) {
  const std::vector<Stage>& executed = stages(network);
  gradient_slots_.resize(executed.size());
  Index largest[2] = {0, 0};
  Index turns[2] = {0, 0};
  for (std::size_t i = executed.size(); i-- > 0;) {
    Slot& slot = gradient_slots_[i];
    slot.size = element_count(executed[i].output_shape);
    const bool comes_back = keep_ == Keep::kBatch && i + 1 == executed.size();
    slot.whole_batch = turn_ > 0 && (comes_back || mixes(executed, i) || mixes(executed, i + 1));
    const bool stays = i + 1 < executed.size() && !slot.whole_batch &&
                       !gradient_slots_[i + 1].whole_batch &&
                       executed[i + 1].layer->in_place() != InPlace::kNo;
    const int kind = slot.whole_batch ? 1 : 0;
    // For now, which of the two; an offset below.
    if (!stays) turns[kind] = 1 - turns[kind];
    slot.offset = turns[kind];
    largest[kind] = std::max(largest[kind], slot.size);
  }
  Index offsets[2][2];
  for (const int kind : {0, 1}) {
    for (Index& offset : offsets[kind])
      offset = reserve_rows(plan, kind == 1, largest[kind]).offset;
  }
  for (Slot& slot : gradient_slots_) slot.offset = offsets[slot.whole_batch ? 1 : 0][slot.offset];
}

void Workspace::plan_every_gradient(const Network& network, Plan& plan) {
  for (std::size_t i = 0; i < stages(network).size(); ++i) {
    const Index size = element_count(stages(network)[i].output_shape);
    gradient_slots_.push_back(reserve_rows(plan, i < turn_, size));
  }
}

void Workspace::plan_saved(const Network& network, Plan& plan) {
  for (std::size_t i = 0; i < stages(network).size(); ++i) {
    const Layer& layer = *stages(network)[i].layer;
    const bool whole_batch = i < turn_;
    saved_slots_.push_back(layer.mixes_examples()
                               ? reserve(plan, whole_batch, layer.saved_size(rows(whole_batch)))
                               : reserve_rows(plan, whole_batch, layer.saved_size(1)));
  }
}

/// One for all layers, and another for those that take the whole batch.
void Workspace::plan_scratch(const Network& network, Plan& plan) {
  Index largest[2] = {0, 0};
  for (std::size_t i = 0; i < stages(network).size(); ++i) {
    const bool whole_batch = turn_ > 0 && mixes(stages(network), i);
    Index& size = largest[whole_batch ? 1 : 0];
    size = std::max(size, stages(network)[i].layer->scratch_size(rows(whole_batch)));
  }
  for (const int kind : {0, 1}) scratch_slots_[kind] = reserve(plan, kind == 1, largest[kind]);
}

LayerPass Workspace::make_pass(const Network& network, std::size_t index, Examples examples,
                               int lane, const PassContext& context) {
  const Stage& stage = stages(network)[index];
  const bool first = index == 0;
  const bool whole_batch = turn_ > 0 && stage.layer->mixes_examples();
  const Index carried_row = network.carried_size();
  const Index carried = examples.begin * carried_row + stage.carried_offset;
  const auto [initial, final] = context.carried;
  float* d_input = context.d_input == nullptr
                       ? nullptr
                       : context.d_input + examples.begin * element_count(network.input_shape());
  return {
      .mode = context.mode,
      .batch = examples.count(),
      .first_example = examples.begin,
      .in = first ? input(examples, lane) : activation(index - 1, examples, lane),
      .out = at(activation_slots_[index], examples, lane),
      .d_out = gradient(index, examples, lane),
      .d_in = first ? d_input : at(gradient_slots_[index - 1], examples, lane),
      .parameters = network.parameters().data() + stage.parameter_offset,
      .gradients =
          context.gradients == nullptr ? nullptr : context.gradients + stage.parameter_offset,
      .state = context.state + stage.state_offset,
      .saved = at(saved_slots_[index], examples, lane),
      .initial_state = initial == nullptr ? nullptr : initial + carried,
      .final_state = final == nullptr ? nullptr : final + carried,
      .carried_row = carried_row,
      .scratch = Scratch(at(scratch_slots_[whole_batch ? 1 : 0], examples, lane)),
      .seed = network.seed(),
      .random_stream = random_stream(RandomUse::kDropout, context.step * kMostLayers + stage.index),
      .pool = context.pool,
  };
}

void Workspace::forward(const Network& network, Layers layers, Examples examples, int lane,
                        const PassContext& context) {
  for (std::size_t i = layers.begin; i < layers.end; ++i) {
    stages(network)[i].layer->forward(make_pass(network, i, examples, lane, context));
  }
}

void Workspace::backward(const Network& network, Layers layers, Examples examples, int lane,
                         const PassContext& context) {
  for (std::size_t i = layers.end; i-- > layers.begin;) {
    stages(network)[i].layer->backward(make_pass(network, i, examples, lane, context));
  }
}

std::size_t Workspace::memory() const {
  Index floats = batch_.size();
  for (const AlignedBuffer<float>& lane : lanes_) floats += lane.size();
  return static_cast<std::size_t>(floats) * sizeof(float);
}

}  // namespace kernelgarten
