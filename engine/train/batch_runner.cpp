#include "engine/train/batch_runner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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

BatchRunner::BatchRunner(Network& network, Index batch_size, Keep keep,
                         std::shared_ptr<ThreadPool> pool)
    : network_(network),
      pool_(std::move(pool)),
      shards_(shard_count(network, batch_size)),
      chunk_(chunk_size(network, part_count(batch_size, shards_))),
      schedule_(network, shards_, chunk_),
      workspace_(network,
                 {batch_size, chunk_, std::min(pool_->threads(), static_cast<int>(shards_))},
                 keep) {}

void BatchRunner::begin(const BatchPass& pass, Trip trip) {
  pass_ = pass;
  trip_ = trip;
  score_ = {};
  schedule_.begin(pass.count, trip);
}

bool BatchRunner::advance(BatchTask& task) {
  try {
    run_part(task, schedule_.next(items_of_part(*pool_)));
  } catch (...) {
    cancel();
    throw;
  }
  if (!schedule_.done()) return false;
  if (trip_ == Trip::kThere) check_finite_outputs(network_, workspace_, {0, pass_.count});
  return true;
}

void BatchRunner::run_part(BatchTask& task, const StepPart& part) {
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

PassContext BatchRunner::context(Index shard) {
  float* gradients = pass_.gradients == nullptr ? nullptr : pass_.gradients->shard(shard);
  return {Mode::kTraining, pass_.step,    pass_.state,  gradients,
          *pool_,          pass_.carried, pass_.d_input};
}

Score BatchRunner::run_item(BatchTask& task, const StepPart& part, const WorkItem& item, int lane) {
  const auto [examples, shard] = item;
  if (examples.count() == 0) return {};
  const PassContext pass = context(shard);
  if (part.loads) task.load(workspace_.input(examples, lane), examples, lane);
  workspace_.forward(network_, part.forward, examples, lane, pass);
  const Score score = part.turns ? turn(task, examples, lane) : Score{};
  workspace_.backward(network_, part.backward, examples, lane, pass);
  return score;
}

/// The batch's mean loss is the mean of its chunks' losses, weighted with their sizes.
Score BatchRunner::turn(BatchTask& task, Examples examples, int lane) {
  float* d_outputs = workspace_.output_gradient(examples, lane);
  const auto [loss, correct] =
      task.turn(d_outputs, workspace_.output(examples, lane), examples, lane);
  if (!std::isfinite(loss)) {
    report_non_finite_loss(network_, workspace_, examples, lane, pass_.count);
  }
  const double share = static_cast<double>(examples.count()) / static_cast<double>(pass_.count);
  simd::map(d_outputs, d_outputs, examples.count() * element_count(network_.output_shape()),
            [scale = static_cast<float>(share)](auto d) { return d * decltype(d)(scale); });
  return {share * loss, correct};
}

}  // namespace kernelgarten
