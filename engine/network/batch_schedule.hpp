#pragma once

#include <array>
#include <vector>

#include "engine/network/network.hpp"
#include "engine/tensor/range.hpp"

namespace kernelgarten {

/// Neighbouring examples of a batch.
using Examples = Range;

/// The first layer after the last one that mixes examples: from here to the loss and back, a few
/// examples can go on their own.
std::size_t first_layer_of_turn(const Network& network);

/// Into how many shards, 1, 2, 4 or 8, a batch is cut: parts that different threads can take to the
/// loss and back, each adding up gradients of its own. A function of network and batch alone, never
/// of the number of threads, because it decides in which order the gradients are summed.
Index shard_count(const Network& network, Index batch);

/// How many of `examples` go together: few enough that a part of a step takes some 20 ms on a slow
/// machine, so that whoever drives it can do something else in between.
Index chunk_size(const Network& network, Index examples);

/// One part of a training step: load, forward, loss, backward, each where it applies.
struct StepPart {
  /// The examples have to be put into the network's input first.
  bool loads;
  Layers forward;
  /// After `forward` the loss and its gradient are computed.
  bool turns;
  Layers backward;
  /// How many items do this, at the same time if need be: no two are of the same shard.
  Index items;
  /// Where they stand in the row of all items.
  Index first_item;
  /// The only item is the whole batch.
  bool whole_batch;
};

/// Examples that go through the layers of a part together; there may be none. Their gradients are
/// added to those of their shard.
struct WorkItem {
  Examples examples;
  Index shard;
};

/// How far a batch goes: to the loss and back at once, or only there, or only back.
enum class Trip { kThereAndBack, kThere, kBack };

/// Cuts a training step into parts. The batch goes chunk by chunk up to a layer that mixes examples
/// (batch normalisation), through that one as a whole, and on in chunks; behind the last such layer
/// each chunk goes to the loss and back at once, while its activations are still in the cache.
/// Gradients add up over the chunks of a shard, and then over the shards, so the step is the same
/// as on the batch as a whole. The chunks stand in a row, the first of every shard before the
/// second of any; a part is the next few of them, and their number changes nothing else.
class BatchSchedule {
 public:
  /// At most `shards` shards, and at most `chunk` examples in an item.
  BatchSchedule(const Network& network, Index shards, Index chunk);

  /// Starts a batch of `count` examples, at least one.
  void begin(Index count, Trip trip = Trip::kThereAndBack);
  bool done() const { return section_ == sections().size(); }
  /// The next part, of at most `most_items` items; only while not done.
  StepPart next(Index most_items);
  WorkItem item(const StepPart& part, Index index) const;
  /// Forgets the batch in progress.
  void cancel() { section_ = sections().size(); }

 private:
  /// Layers that take the batch in the same way.
  struct Section {
    bool whole_batch;
    bool loads;
    Layers forward;
    bool turns;
    Layers backward;
  };

  void add_trips(const std::vector<Section>& outward, const Section& rest);
  const std::vector<Section>& sections() const { return trips_[static_cast<std::size_t>(trip_)]; }

  Index most_shards_;
  Index chunk_;
  /// One for each Trip.
  std::array<std::vector<Section>, 3> trips_;
  Trip trip_ = Trip::kThereAndBack;
  std::size_t section_;
  Index count_ = 0;
  Index shards_ = 0;
  Index chunks_of_shard_ = 0;
  /// The first item of the section that is still to do.
  Index next_item_ = 0;
};

}  // namespace kernelgarten
