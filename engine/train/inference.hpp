#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/network/workspace.hpp"
#include "engine/train/batch_runner.hpp"

namespace kernelgarten {

/// Takes examples through a network to use or to measure it, chunk by chunk, on all threads. May
/// come in the middle of a training step, and sees the network as the last finished step left it.
class Inference {
 public:
  /// Chunks are as large as suits batches of `batch_size`.
  Inference(Network& network, Index batch_size, std::shared_ptr<ThreadPool> pool)
      : network_(network),
        pool_(std::move(pool)),
        workspace_(network, size_of(network, batch_size, *pool_), Keep::kNeeded) {}

  /// The most examples that go through the network together.
  Index chunk() const { return workspace_.chunk(); }
  /// So many keep all threads busy once.
  Index round() const { return chunk() * pool_->threads(); }

  /// For each chunk of `examples`: load(input, chunk, lane), the network's layers, and
  /// use(d_outputs, outputs, chunk, lane), which may write to d_outputs as a loss does.
  template <class Load, class Use>
  void run(Examples examples, const CarriedStates& carried, const Load& load, const Use& use) {
    const PassContext pass{Mode::kInference, 0, network_.state().data(), nullptr, *pool_, carried};
    pool_->run(part_count(examples.count(), chunk()), [&](Index index, int lane) {
      const Index begin = examples.begin + index * chunk();
      const Examples part{begin, std::min(begin + chunk(), examples.end)};
      load(workspace_.input(part, lane), part, lane);
      workspace_.forward(network_, workspace_.all_layers(network_), part, lane, pass);
      use(workspace_.output_gradient(part, lane), workspace_.output(part, lane), part, lane);
    });
  }

  /// What the last layer has read of a chunk, for `use` to look at where that layer does not work
  /// in place.
  const float* last_input(Examples part, int lane) const {
    return workspace_.activation(workspace_.stages(network_).size() - 2, part, lane);
  }

  /// The same where `compare` gives the score of a chunk: adds to `sum` the loss of every example
  /// and the right predictions, in the order of the chunks, whoever came first.
  template <class Load, class Compare>
  void measure(Score& sum, Examples examples, const CarriedStates& carried, const Load& load,
               const Compare& compare) {
    std::vector<Score> scores(static_cast<std::size_t>(part_count(examples.count(), chunk())));
    run(examples, carried, load,
        [&](float* d_outputs, const float* outputs, Examples part, int lane) {
          auto [loss, correct] = compare(d_outputs, outputs, part, lane);
          const Index index = (part.begin - examples.begin) / chunk();
          scores[static_cast<std::size_t>(index)] = {loss * static_cast<double>(part.count()),
                                                     correct};
        });
    for (const Score& score : scores) sum += score;
  }

  std::size_t memory() const { return workspace_.memory(); }

 private:
  static WorkspaceSize size_of(const Network& network, Index batch_size, const ThreadPool& pool) {
    const Index chunk = chunk_size(network, batch_size);
    return {chunk, chunk, pool.threads()};
  }

  Network& network_;
  std::shared_ptr<ThreadPool> pool_;
  Workspace workspace_;
};

}  // namespace kernelgarten
