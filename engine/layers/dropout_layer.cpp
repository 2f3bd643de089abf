#include "engine/layers/dropout_layer.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {

DropoutLayer::DropoutLayer(const DropoutSpec& spec, const std::string& name, const Shape& input)
    : rate_(static_cast<float>(spec.rate)), shape_(input) {
  check(spec.rate >= 0.0 && spec.rate < 1.0, "[", name,
        "] rate must be at least 0 and below 1, got ", spec.rate);
}

void DropoutLayer::forward(const LayerPass& pass) const {
  const Index count = pass.batch * element_count(shape_);
  if (pass.mode == Mode::kTraining) {
    const Index first = pass.first_example * element_count(shape_);
    dropout_forward(pass.out, pass.saved, pass.in, first, count, rate_, pass.seed,
                    pass.random_stream);
  } else if (pass.out != pass.in) {
    std::copy_n(pass.in, count, pass.out);
  }
}

void DropoutLayer::backward(const LayerPass& pass) const {
  const Index count = pass.batch * element_count(shape_);
  if (pass.d_in == nullptr) return;
  if (pass.mode == Mode::kTraining) {
    dropout_backward(pass.d_in, pass.d_out, pass.saved, count);
  } else if (pass.d_in != pass.d_out) {
    std::copy_n(pass.d_out, count, pass.d_in);
  }
}

}  // namespace kernelgarten
