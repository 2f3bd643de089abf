#include "engine/layers/upsample2d_layer.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {

Upsample2dLayer::Upsample2dLayer(const Upsample2dSpec& spec, const std::string& name,
                                 const Shape& input)
    : input_(input), factor_(spec.factor) {
  constexpr Index kLargestFactor = 64;
  check(input.size() == 3, "[", name, "] expected an image (height x width x channels), got shape ",
        to_string(input));
  check(factor_ >= 1 && factor_ <= kLargestFactor, "[", name, "] factor must be from 1 to ",
        kLargestFactor, ", got ", factor_);
}

Shape Upsample2dLayer::output_shape() const {
  return {input_[0] * factor_, input_[1] * factor_, input_[2]};
}

void Upsample2dLayer::forward(const LayerPass& pass) const {
  upsample2d_forward(pass.out, pass.in, params(pass.batch));
}

void Upsample2dLayer::backward(const LayerPass& pass) const {
  if (pass.d_in != nullptr) upsample2d_backward(pass.d_in, pass.d_out, params(pass.batch));
}

}  // namespace kernelgarten
