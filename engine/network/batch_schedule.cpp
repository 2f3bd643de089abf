#include "engine/network/batch_schedule.hpp"

#include <algorithm>
#include <cmath>

namespace kernelgarten {
namespace {

constexpr double kChunkFlops = 200e6;
/// Forward, and two products as large on the way back: input gradient and weight gradient.
constexpr double kPasses = 3.0;
constexpr Layers kNone{0, 0};

}  // namespace

std::size_t first_layer_of_turn(const Network& network) {
  std::size_t first = network.stages().size();
  while (first > 0 && !network.stages()[first - 1].layer->mixes_examples()) --first;
  return first;
}

Index chunk_size(const Network& network, Index batch) {
  double flops = 0.0;
  for (const Stage& stage : network.stages()) flops += stage.layer->flops();
  const auto most = static_cast<double>(batch);
  const double chunks = std::clamp(std::ceil(kPasses * flops * most / kChunkFlops), 1.0, most);
  return static_cast<Index>(std::ceil(most / chunks));
}

BatchSchedule::BatchSchedule(const Network& network, Index chunk) : chunk_(chunk) {
  const std::vector<Stage>& stages = network.stages();
  std::size_t begin = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (!stages[i].layer->mixes_examples()) continue;
    if (begin == 0 || begin < i) {
      sections_.push_back({false, begin == 0, {begin, i}, false, kNone});
    }
    sections_.push_back({true, false, {i, i + 1}, false, kNone});
    begin = i + 1;
  }
  const std::size_t outward = sections_.size();
  const Layers rest{begin, stages.size()};
  sections_.push_back({false, begin == 0, rest, true, rest});
  for (std::size_t i = outward; i-- > 0;) {
    const Section& section = sections_[i];
    if (section.forward.begin == section.forward.end) continue;
    sections_.push_back({section.whole_batch, false, kNone, false, section.forward});
  }
  cancel();
}

void BatchSchedule::begin(Index count) {
  count_ = count;
  section_ = 0;
  passed_ = 0;
}

StepPart BatchSchedule::next() {
  const Section& section = sections_[section_];
  const Index end = section.whole_batch ? count_ : std::min(passed_ + chunk_, count_);
  const StepPart part{{passed_, end}, section.loads, section.forward, section.turns,
                      section.backward};
  passed_ = end;
  if (passed_ == count_) {
    ++section_;
    passed_ = 0;
  }
  return part;
}

}  // namespace kernelgarten
