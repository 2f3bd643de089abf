#include "engine/layers/dense_layer.hpp"

#include "engine/ops/dense.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

DenseLayer::DenseLayer(const DenseSpec& spec, const std::string& name, const Shape& input)
    : spec_(spec), inputs_(input.empty() ? 0 : input[0]) {
  check(input.size() == 1, "[", name, "] expected a flat list of numbers, got shape ",
        to_string(input), "; put a flatten layer before it");
  check(spec.units >= 1, "[", name, "] units must be at least 1, got ", spec.units);
}

std::vector<Parameter> DenseLayer::parameters() const {
  const Fan fan{inputs_, spec_.units};
  return {{"weight", {inputs_, spec_.units}, spec_.weight_init, fan},
          {"bias", {spec_.units}, spec_.bias_init, fan}};
}

Index DenseLayer::scratch_size(Index batch) const {
  return dense_scratch_size({batch, inputs_, spec_.units});
}

double DenseLayer::flops() const { return 2.0 * static_cast<double>(inputs_ * spec_.units); }

void DenseLayer::forward(const LayerPass& pass) const {
  const float* bias = pass.parameters + inputs_ * spec_.units;
  dense_forward(pass.out, pass.in, pass.parameters, bias, {pass.batch, inputs_, spec_.units},
                pass.scratch);
}

void DenseLayer::backward(const LayerPass& pass) const {
  float* d_bias = pass.gradients + inputs_ * spec_.units;
  dense_backward(pass.d_in, pass.gradients, d_bias, pass.d_out, pass.in, pass.parameters,
                 {pass.batch, inputs_, spec_.units}, pass.scratch);
}

}  // namespace kernelgarten
