#include "engine/network/batch_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace kernelgarten {
namespace {

constexpr double kChunkFlops = 400e6;
/// Forward, and two products as large on the way back: input gradient and weight gradient.
constexpr double kPasses = 3.0;
constexpr Index kMostShards = 8;
/// What a shard must be worth, so that with one thread all shards together cost some 10 % at most.
/// It takes 0.2 ms natively, of which waking a thread takes 0.03; and clearing, filling and adding
/// up a buffer of gradients takes 1 ns a parameter, the time of 70 operations natively and of 25 in
/// WebAssembly. Measured as processor time of whole steps with 1 to 8 shards.
constexpr double kShardFlops = 16e6;
constexpr double kShardFlopsPerParameter = 200.0;
/// All buffers of gradients together, 64 MB.
constexpr double kMostShardFloats = 1 << 24;
constexpr Layers kNone{0, 0};

/// Of one example.
double forward_flops(const Network& network) {
  double flops = 0.0;
  for (const Stage& stage : network.fused_stages()) flops += stage.layer->flops();
  return flops;
}

}  // namespace

std::size_t first_layer_of_turn(const Network& network) {
  std::size_t first = network.fused_stages().size();
  while (first > 0 && !network.fused_stages()[first - 1].layer->mixes_examples()) --first;
  return first;
}

Index shard_count(const Network& network, Index batch) {
  const double flops = kPasses * forward_flops(network) * static_cast<double>(batch);
  const double parameters = static_cast<double>(network.parameters().size());
  const double worth = kShardFlops + kShardFlopsPerParameter * parameters;
  Index shards = kMostShards;
  while (shards > 1 && (shards > batch || flops < worth * static_cast<double>(shards) ||
                        parameters * static_cast<double>(shards) > kMostShardFloats)) {
    shards /= 2;
  }
  return shards;
}

Index chunk_size(const Network& network, Index examples) {
  const auto most = static_cast<double>(examples);
  const double chunks =
      std::clamp(std::ceil(kPasses * forward_flops(network) * most / kChunkFlops), 1.0, most);
  return static_cast<Index>(std::ceil(most / chunks));
}

BatchSchedule::BatchSchedule(const Network& network, Index shards, Index chunk)
    : most_shards_(shards), chunk_(chunk) {
  const std::vector<Stage>& stages = network.fused_stages();
  std::vector<Section> outward;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (!stages[i].layer->mixes_examples()) continue;
    if (begin == 0 || begin < i) {
      outward.push_back({false, begin == 0, {begin, i}, false, kNone});
    }
    outward.push_back({true, false, {i, i + 1}, false, kNone});
    begin = i + 1;
  }
  add_trips(outward, {false, begin == 0, {begin, stages.size()}, false, kNone});
  cancel();
}

/// `rest`: the layers behind all that mix examples.
void BatchSchedule::add_trips(const std::vector<Section>& outward, const Section& rest) {
  auto& [both, there, back] = trips_;
  there = outward;
  there.push_back(rest);
  both = outward;
  both.push_back({false, rest.loads, rest.forward, true, rest.forward});
  back.push_back({false, false, kNone, false, rest.forward});
  for (const Section& section : std::views::reverse(outward)) {
    if (section.forward.begin == section.forward.end) continue;
    const Section returning{section.whole_batch, false, kNone, false, section.forward};
    both.push_back(returning);
    back.push_back(returning);
  }
}

void BatchSchedule::begin(Index count, Trip trip) {
  trip_ = trip;
  count_ = count;
  shards_ = std::min(most_shards_, count);
  chunks_of_shard_ = part_count(part_count(count, shards_), chunk_);
  section_ = 0;
  next_item_ = 0;
}

StepPart BatchSchedule::next(Index most_items) {
  const Section& section = sections()[section_];
  const Index items = section.whole_batch ? 1 : shards_ * chunks_of_shard_;
  // Neighbours in the row are of different shards as long as they are no more than there are.
  const Index end = std::min(items, next_item_ + std::min(most_items, shards_));
  const StepPart part{section.loads,    section.forward, section.turns,      section.backward,
                      end - next_item_, next_item_,      section.whole_batch};
  next_item_ = end;
  if (end == items) {
    ++section_;
    next_item_ = 0;
  }
  return part;
}

WorkItem BatchSchedule::item(const StepPart& part, Index index) const {
  const Examples batch{0, count_};
  if (part.whole_batch) return {batch, 0};
  const Index place = part.first_item + index;
  const Index shard = place % shards_, chunk = place / shards_;
  return {part_of(part_of(batch, shards_, shard), chunks_of_shard_, chunk), shard};
}

}  // namespace kernelgarten
