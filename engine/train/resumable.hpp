#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/state_visitor.hpp"

namespace kernelgarten {

/// A model whose training can be put aside and gone on with, here or elsewhere, as if nothing had
/// come between: every later step has the same bits.
class Resumable {
 public:
  /// A safetensors file of all that the training needs, as the last finished step left it:
  /// parameters (`conv2d_1.weight`) and running statistics, what the optimizer remembers, its
  /// learning rate, and the place in the data. A step in progress is not part of it, nor are
  /// evaluations. Throws InvalidArgument where two layers have the same name.
  std::vector<std::uint8_t> checkpoint() const;

  /// Goes on from a checkpoint of a model with the same specs and data; a step in progress is
  /// abandoned, an evaluation should be begun anew. Throws, and changes nothing then, InvalidData
  /// where the bytes are not a whole checkpoint, InvalidArgument where they are one of another
  /// network or optimizer, or of data or batches of another size.
  void restore(std::span<const std::uint8_t> checkpoint);

 protected:
  ~Resumable() = default;
  virtual void visit_state(StateVisitor& visit) = 0;

 private:
  virtual void abandon_step() = 0;
};

}  // namespace kernelgarten
