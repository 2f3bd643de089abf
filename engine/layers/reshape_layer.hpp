#pragma once

#include <algorithm>

#include "engine/layers/layer.hpp"

namespace kernelgarten {

/// Reads the same numbers with another shape; flatten is the case of one axis. Works in place
/// without touching a number wherever the workspace lets input and output share memory.
class ReshapeLayer : public Layer {
 public:
  explicit ReshapeLayer(Shape output) : shape_(std::move(output)) {}

  Shape output_shape() const override { return shape_; }
  bool treats_steps_alike() const override { return false; }
  InPlace in_place() const override { return InPlace::kKeepsValues; }

  void forward(const LayerPass& pass) const override { copy(pass.out, pass.in, pass.batch); }
  void backward(const LayerPass& pass) const override { copy(pass.d_in, pass.d_out, pass.batch); }

 private:
  void copy(float* to, const float* from, Index batch) const {
    if (to != from && to != nullptr) std::copy_n(from, batch * element_count(shape_), to);
  }

  Shape shape_;
};

}  // namespace kernelgarten
