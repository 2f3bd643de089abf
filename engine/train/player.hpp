#pragma once

#include <memory>

#include "engine/train/batch_runner.hpp"
#include "engine/train/parameter_update.hpp"

namespace kernelgarten {

/// One of several networks that are trained together, with all it takes to train it.
struct Player {
  Player(const char* player, const NetworkSpec& spec, Index batch_size, Keep keep,
         const OptimizerSpec& optimizer, const std::shared_ptr<ThreadPool>& pool);

  /// As of BatchRunner and ParameterUpdate; what they throw names the player before the layer.
  bool advance(BatchTask& task);
  double finish();

  void visit_state(StateVisitor& visit);
  std::size_t memory() const { return network.memory() + batch.memory() + update.memory(); }

  const char* name;
  Network network;
  BatchRunner batch;
  ParameterUpdate update;
  /// Finished so far.
  Index steps = 0;
};

}  // namespace kernelgarten
