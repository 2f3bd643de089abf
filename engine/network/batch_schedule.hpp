#pragma once

#include <vector>

#include "engine/network/network.hpp"

namespace kernelgarten {

/// Neighbouring examples of a batch, `end` not included.
struct Examples {
  Index begin;
  Index end;

  Index count() const { return end - begin; }
};

/// The first layer after the last one that mixes examples: from here to the loss and back, a few
/// examples can go on their own.
std::size_t first_layer_of_turn(const Network& network);

/// How many examples of a batch go together: few enough that a part of a step takes some 20 ms on a
/// slow machine, so that whoever drives it can do something else in between.
Index chunk_size(const Network& network, Index batch);

/// One part of a training step: load, forward, loss, backward, each where it applies.
struct StepPart {
  Examples examples;
  /// The examples have to be put into the network's input first.
  bool loads;
  Layers forward;
  /// After `forward` the loss and its gradient are computed.
  bool turns;
  Layers backward;
};

/// Cuts a training step into parts. The batch goes chunk by chunk up to a layer that mixes examples
/// (batch normalisation), through that one as a whole, and on in chunks; behind the last such layer
/// each chunk goes to the loss and back at once, while its activations are still in the cache.
/// Gradients add up over the chunks, so the step is the same as on the batch as a whole.
class BatchSchedule {
 public:
  BatchSchedule(const Network& network, Index chunk);

  /// Starts a batch of `count` examples, at least one.
  void begin(Index count);
  bool done() const { return section_ == sections_.size(); }
  /// The next part; only while not done.
  StepPart next();
  /// Forgets the batch in progress.
  void cancel() { section_ = sections_.size(); }

 private:
  /// Layers that take the batch in the same way.
  struct Section {
    bool whole_batch;
    bool loads;
    Layers forward;
    bool turns;
    Layers backward;
  };

  Index chunk_;
  std::vector<Section> sections_;
  std::size_t section_;
  Index count_ = 0;
  /// Examples that have gone through the section.
  Index passed_ = 0;
};

}  // namespace kernelgarten
