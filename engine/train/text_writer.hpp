#pragma once

#include <memory>
#include <string>

#include "engine/data/text.hpp"
#include "engine/network/step_reader.hpp"

namespace kernelgarten {

/// How the next character is drawn from its probabilities.
struct Sampling {
  /// Logits are divided by it: below 1 the probable becomes more so, 0 takes the most probable.
  double temperature = 1.0;
  /// Only so many of the most probable characters are drawn from; 0 for all.
  Index top_k = 0;
};

/// Reads a text and goes on with it, one character at a time, through a network that was trained on
/// longer sequences. What it has read stays with it until it forgets.
class TextWriter {
 public:
  /// `network` reads sequences of any length, and treats every step alike.
  TextWriter(std::shared_ptr<const Text> text, const NetworkSpec& network);

  /// Takes over the weights of a network of that spec.
  void take_weights(const Network& network) { reader_.take_weights(network); }

  /// Goes back to where nothing has been read; random numbers start anew from `seed`.
  void forget(std::uint32_t seed);
  /// Reads on. Throws InvalidData as `Vocabulary::symbols` does.
  void read(std::string_view utf8);
  /// Draws the next `count` characters and reads each of them. Before anything has been read, the
  /// first one is drawn with equal chances. Throws InvalidArgument for a temperature that is
  /// negative or not a number.
  std::string write(Index count, const Sampling& sampling);

  /// Probabilities of the next character at temperature 1; empty before anything has been read.
  std::span<const float> probabilities() const {
    return reader_.has_read() ? std::span<const float>(probabilities_) : std::span<const float>();
  }
  std::size_t memory() const { return reader_.memory(); }

 private:
  void read_symbol(Index symbol);
  Index draw(const Sampling& sampling);

  std::shared_ptr<const Text> text_;
  StepReader reader_;
  std::vector<float> probabilities_;
  /// Chances of the draw, and symbols in the order of their logits.
  std::vector<double> chances_;
  std::vector<std::uint16_t> order_;
  Random random_{0};
};

}  // namespace kernelgarten
