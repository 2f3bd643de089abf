#pragma once

#include <span>
#include <string>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// No training counts further than this.
inline constexpr Index kMostCount = 1 << 30;

/// Is shown all that a model has to remember, so that training goes on as if nothing had come
/// between. Every class with a part of it lists that part once, in `visit_state`; the list serves
/// to write a checkpoint, to compare one with the model and to take it over.
class StateVisitor {
 public:
  virtual ~StateVisitor() = default;

  /// What a checkpoint must have in common with the model.
  virtual void same(const std::string& name, const std::string& value) = 0;
  virtual void floats(const std::string& name, const Shape& shape, std::span<float> values) = 0;
  /// A number from 0 to `most`.
  virtual void number(const std::string& name, double& value, double most) = 0;
  /// A whole one.
  virtual void count(const std::string& name, Index& value, Index most) = 0;
};

}  // namespace kernelgarten
