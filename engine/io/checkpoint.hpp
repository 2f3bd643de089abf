#pragma once

#include <functional>

#include "engine/io/safetensors.hpp"
#include "engine/io/state_visitor.hpp"

namespace kernelgarten {

/// Shows a model's state to a visitor.
using VisitState = std::function<void(StateVisitor&)>;

/// A safetensors file of it. Throws InvalidArgument where two parts have the same name.
std::vector<std::uint8_t> write_checkpoint(const VisitState& state);

/// Throws unless `take_checkpoint` can be done: InvalidArgument where the checkpoint has other
/// parts, shapes or data than the model, InvalidData where a number is out of its range.
void check_checkpoint(const Safetensors& checkpoint, const VisitState& state);

/// Puts what is in a checkpoint that was checked into the model.
void take_checkpoint(const Safetensors& checkpoint, const VisitState& state);

}  // namespace kernelgarten
