#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/softmax.hpp"

namespace kernelgarten {

/// Turns the last axis into probabilities that sum to one.
class SoftmaxLayer : public Layer {
 public:
  explicit SoftmaxLayer(const Shape& input) : shape_(input) {}

  Shape output_shape() const override { return shape_; }
  double flops() const override { return 5.0 * static_cast<double>(element_count(shape_)); }
  InPlace in_place() const override { return InPlace::kOverwrites; }
  bool backward_reads_output() const override { return true; }

  void forward(const LayerPass& pass) const override {
    softmax_forward(pass.out, pass.in, rows(pass.batch), shape_.back());
  }
  void backward(const LayerPass& pass) const override {
    if (pass.d_in == nullptr) return;
    softmax_backward(pass.d_in, pass.d_out, pass.out, rows(pass.batch), shape_.back());
  }

 private:
  Index rows(Index batch) const { return batch * (element_count(shape_) / shape_.back()); }

  Shape shape_;
};

}  // namespace kernelgarten
