#include "engine/layers/dense_layer.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {

DenseLayer::DenseLayer(const DenseSpec& spec, const std::string& name, const Shape& input)
    : spec_(spec),
      sequence_(input.size() == 2),
      steps_(sequence_ ? input[0] : 1),
      inputs_(input.back()) {
  check(input.size() <= 2, "[", name, "] expected a flat list of numbers or a sequence, got shape ",
        to_string(input), "; put a flatten layer before it");
  check(spec.units >= 1, "[", name, "] units must be at least 1, got ", spec.units);
}

Shape DenseLayer::output_shape() const {
  return sequence_ ? Shape{steps_, spec_.units} : Shape{spec_.units};
}

std::vector<Parameter> DenseLayer::parameters() const {
  const Fan fan{inputs_, spec_.units};
  return {{"weight", {inputs_, spec_.units}, spec_.weight_init, fan},
          {"bias", {spec_.units}, spec_.bias_init, fan}};
}

Index DenseLayer::scratch_size(Index batch) const { return dense_scratch_size(params(batch)); }

double DenseLayer::flops() const {
  return 2.0 * static_cast<double>(steps_ * inputs_ * spec_.units);
}

void DenseLayer::forward(const LayerPass& pass) const {
  dense_forward(pass.out, pass.in, pass.parameters, bias(pass), params(pass.batch), pass.scratch);
}

void DenseLayer::backward(const LayerPass& pass) const {
  dense_backward(pass.d_in, pass.gradients, bias_gradient(pass), pass.d_out, pass.in,
                 pass.parameters, params(pass.batch), pass.scratch);
}

}  // namespace kernelgarten
