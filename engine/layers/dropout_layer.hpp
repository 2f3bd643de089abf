#pragma once

#include <algorithm>

#include "engine/layers/layer.hpp"
#include "engine/ops/dropout.hpp"

namespace kernelgarten {

/// Zeroes a random share of the numbers while training; passes everything on in use.
class DropoutLayer : public Layer {
 public:
  DropoutLayer(const DropoutSpec& spec, const std::string& name, const Shape& input);

  Shape output_shape() const override { return shape_; }
  Index saved_size(Index batch) const override { return batch * element_count(shape_); }
  double flops() const override { return static_cast<double>(element_count(shape_)); }
  InPlace in_place() const override { return InPlace::kOverwrites; }
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 private:
  float rate_;
  Shape shape_;
};

}  // namespace kernelgarten
