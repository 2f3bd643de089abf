#pragma once

#include <memory>

#include "engine/network/network.hpp"
#include "engine/optim/optimizer.hpp"
#include "engine/train/gradient_shards.hpp"

namespace kernelgarten {

/// Everything between the gradients of one or several batches and a network's new weights: the
/// shards, their sum, clipping, the optimizer. The network sees nothing of it before `finish`.
class ParameterUpdate {
 public:
  /// Throws InvalidArgument where a setting is out of its range.
  ParameterUpdate(Network& network, const OptimizerSpec& optimizer, Index shards,
                  std::shared_ptr<ThreadPool> pool);

  /// Gradients at zero, statistics those of the network.
  void begin();
  /// To add to.
  GradientShards& gradients() { return gradients_; }
  /// Running statistics that the network takes over in the end.
  float* state() { return state_.data(); }
  /// Hands statistics and gradient to the network and moves its parameters. The Euclidean norm of
  /// the whole gradient before clipping. Throws NonFinite, with the network as it was, where that
  /// is not a number.
  double finish();

  /// What the optimizer remembers.
  void visit_state(StateVisitor& visit) { optimizer_->visit_state(visit); }

  Optimizer& optimizer() { return *optimizer_; }
  const Optimizer& optimizer() const { return *optimizer_; }

  /// Bytes held.
  std::size_t memory() const;

 private:
  Network& network_;
  std::shared_ptr<ThreadPool> pool_;
  std::unique_ptr<Optimizer> optimizer_;
  double clip_norm_;
  GradientShards gradients_;
  AlignedBuffer<float> state_;
};

}  // namespace kernelgarten
