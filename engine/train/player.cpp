#include "engine/train/player.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// "[dense_1] ..." becomes "[generator.dense_1] ...".
template <class Act>
auto named(const char* player, const Act& act) {
  try {
    return act();
  } catch (const NonFinite& error) {
    throw NonFinite(concat("[", player, ".", error.what() + 1));
  }
}

}  // namespace

Player::Player(const char* player, const NetworkSpec& spec, Index batch_size, Keep keep,
               const OptimizerSpec& optimizer, const std::shared_ptr<ThreadPool>& pool)
    : name(player),
      network(spec),
      batch(network, batch_size, keep, pool),
      update(network, optimizer, batch.shards(), pool) {}

bool Player::advance(BatchTask& task) {
  return named(name, [&] { return batch.advance(task); });
}

double Player::finish() {
  const double norm = named(name, [this] { return update.finish(); });
  ++steps;
  return norm;
}

void Player::visit_state(StateVisitor& visit) {
  network.visit_state(visit);
  visit.count("steps", steps, kMostCount);
  update.visit_state(visit);
}

}  // namespace kernelgarten
