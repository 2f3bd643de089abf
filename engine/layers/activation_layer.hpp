#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/activation.hpp"

namespace kernelgarten {

/// Applies one function to every number on its own.
template <class Activation>
class ActivationLayer : public Layer {
 public:
  ActivationLayer(Activation activation, const Shape& input)
      : activation_(activation), shape_(input) {}

  Shape output_shape() const override { return shape_; }
  double flops() const override { return static_cast<double>(element_count(shape_)); }
  InPlace in_place() const override { return InPlace::kOverwrites; }
  bool backward_reads_output() const override { return true; }

  void forward(const LayerPass& pass) const override {
    activation_forward(pass.out, pass.in, pass.batch * element_count(shape_), activation_);
  }
  void backward(const LayerPass& pass) const override {
    if (pass.d_in == nullptr) return;
    activation_backward(pass.d_in, pass.d_out, pass.out, pass.batch * element_count(shape_),
                        activation_);
  }

 private:
  Activation activation_;
  Shape shape_;
};

}  // namespace kernelgarten
