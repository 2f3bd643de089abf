#pragma once

#include <memory>

#include "engine/train/batch_runner.hpp"
#include "engine/train/parameter_update.hpp"

namespace kernelgarten {

/// One of several networks that are trained together, with all it takes to train it.
struct Player {
  Player(const NetworkSpec& spec, Index batch_size, Keep keep, const OptimizerSpec& optimizer,
         const std::shared_ptr<ThreadPool>& pool)
      : network(spec),
        batch(network, batch_size, keep, pool),
        update(network, optimizer, batch.shards(), pool) {}

  void visit_state(StateVisitor& visit) {
    network.visit_state(visit);
    visit.count("steps", steps, kMostCount);
    update.visit_state(visit);
  }

  std::size_t memory() const { return network.memory() + batch.memory() + update.memory(); }

  Network network;
  BatchRunner batch;
  ParameterUpdate update;
  /// Finished so far.
  Index steps = 0;
};

}  // namespace kernelgarten
