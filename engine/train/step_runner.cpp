#include "engine/train/step_runner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/parallel/ranges.hpp"
#include "engine/simd/loops.hpp"
#include "engine/train/non_finite.hpp"

namespace kernelgarten {
namespace {

/// Several for each thread, so that the others need not wait for one that shares its core with
/// somebody else: a page that draws.
Index items_of_part(const ThreadPool& pool) {
  constexpr Index kItemsOfThread = 4;
  return pool.threads() == 1 ? 1 : kItemsOfThread * pool.threads();
}

}  // namespace

StepRunner::StepRunner(Network& network, Index batch_size, const OptimizerSpec& optimizer,
                       std::shared_ptr<ThreadPool> pool)
    : network_(network),
      pool_(std::move(pool)),
      shards_(shard_count(network, batch_size)),
      chunk_(chunk_size(network, part_count(batch_size, shards_))),
      schedule_(network, shards_, chunk_),
      workspace_(network,
                 {batch_size, chunk_, std::min(pool_->threads(), static_cast<int>(shards_))},
                 Keep::kNeeded),
      optimizer_(make_optimizer(optimizer, static_cast<Index>(network.parameters().size()))),
      clip_norm_(optimizer.clip_norm),
      gradients_(static_cast<Index>(network.parameters().size()), shards_),
      state_(static_cast<Index>(network.state().size())) {}

PassContext StepRunner::pass(Index shard) {
  return {Mode::kTraining,         static_cast<std::uint64_t>(steps_),
          state_.data(),           gradients_.shard(shard),
          *pool_,                  carried_};
}

void StepRunner::begin(Index count, const CarriedStates& carried) {
  batch_ = count;
  carried_ = carried;
  score_ = {};
  std::ranges::copy(network_.state(), state_.data());
  gradients_.clear(*pool_);
  schedule_.begin(count);
}

std::optional<StepResult> StepRunner::advance(StepTask& task) {
  try {
    run_part(task, schedule_.next(items_of_part(*pool_)));
    if (!schedule_.done()) return std::nullopt;
    return finish();
  } catch (...) {
    cancel();
    throw;
  }
}

void StepRunner::run_part(StepTask& task, const StepPart& part) {
  std::array<Score, kMostThreads> scores;
  pool_->run(part.items, [&](Index index, int lane) {
    scores[static_cast<std::size_t>(index)] =
        run_item(task, part, schedule_.item(part, index), lane);
  });
  // In the order of the row, whoever came first.
  for (const Score& score : std::span(scores).first(static_cast<std::size_t>(part.items))) {
    score_ += score;
  }
}

Score StepRunner::run_item(StepTask& task, const StepPart& part, const WorkItem& item, int lane) {
  const auto [examples, shard] = item;
  if (examples.count() == 0) return {};
  const PassContext context = pass(shard);
  if (part.loads) task.load(workspace_.input(examples, lane), examples, lane);
  workspace_.forward(network_, part.forward, examples, lane, context);
  const Score score = part.turns ? turn(task, examples, lane) : Score{};
  workspace_.backward(network_, part.backward, examples, lane, context);
  return score;
}

/// The batch's mean loss is the mean of its chunks' losses, weighted with their sizes.
Score StepRunner::turn(StepTask& task, Examples examples, int lane) {
  float* d_outputs = workspace_.output_gradient(examples, lane);
  const auto [loss, correct] =
      task.turn(d_outputs, workspace_.output(examples, lane), examples, lane);
  if (!std::isfinite(loss)) {
    report_non_finite_loss(network_, workspace_, examples, lane, batch_);
  }
  const double share = static_cast<double>(examples.count()) / static_cast<double>(batch_);
  simd::map(d_outputs, d_outputs, examples.count() * element_count(network_.output_shape()),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  return {share * loss, correct};
}

StepResult StepRunner::finish() {
  const double norm = gradients_.sum(*pool_);
  if (!std::isfinite(norm)) report_non_finite_gradient(network_, gradients_.total());
  commit(norm);
  ++steps_;
  return {score_, norm};
}

/// Hands the step's statistics and gradient to the network, and moves its parameters.
void StepRunner::commit(double gradient_norm) {
  std::ranges::copy(state_.span(), network_.state().data());
  optimizer_->begin_step();
  const std::span<float> gradients = network_.gradients();
  for_each_range(*pool_, static_cast<Index>(gradients.size()), [&](Index, Range range) {
    const float* from = gradients_.total().data();
    float* to = gradients.data();
    std::copy(from + range.begin, from + range.end, to + range.begin);
    clip_gradient({to + range.begin, to + range.end}, gradient_norm, clip_norm_);
    optimizer_->update(range, network_.parameters(), gradients);
  });
}

void StepRunner::visit_state(StateVisitor& visit) {
  visit.count("steps", steps_, kMostCount);
  optimizer_->visit_state(visit);
}

std::size_t StepRunner::memory() const {
  const auto floats = static_cast<std::size_t>(optimizer_->state_size() + state_.size());
  return floats * sizeof(float) + gradients_.memory() + workspace_.memory();
}

}  // namespace kernelgarten
