#pragma once

#include <span>

#include "engine/network/single_example.hpp"

namespace kernelgarten {

/// Reads a sequence one step at a time, with the weights of a network that was made for longer
/// ones. What the network remembers stays until it is told to forget.
class StepReader {
 public:
  /// Whether a network can be read so: each of its layers treats every step alike.
  static bool can_read(const Network& network);

  /// `network` reads sequences [steps, ...]; throws InvalidArgument where it cannot be read so.
  explicit StepReader(NetworkSpec network);

  /// Takes over the weights of a network of that spec.
  void take_weights(const Network& network) { network_.take_weights(network); }
  /// Goes back to where nothing has been read.
  void forget() { has_read_ = false; }
  bool has_read() const { return has_read_; }

  /// Where the caller puts the numbers of the next step.
  std::span<float> input() { return example_.input(); }
  /// Reads them, and gives what the network would put out if the sequence ended here.
  std::span<const float> read();
  /// What the last `read` gave.
  std::span<const float> output() const { return example_.output(); }

  std::size_t memory() const;

 private:
  Network network_;
  SingleExample example_;
  AlignedBuffer<float> state_;
  bool has_read_ = false;
};

}  // namespace kernelgarten
