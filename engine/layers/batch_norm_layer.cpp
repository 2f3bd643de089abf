#include "engine/layers/batch_norm_layer.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {

BatchNormLayer::BatchNormLayer(const BatchNormSpec& spec, const std::string& name,
                               const Shape& input)
    : spec_(spec), shape_(input) {
  check(spec.momentum >= 0.0 && spec.momentum <= 1.0, "[", name,
        "] momentum must be from 0 to 1, got ", spec.momentum);
  check(spec.epsilon > 0.0 && spec.epsilon <= 1.0, "[", name,
        "] epsilon must be above 0 and at most 1, got ", spec.epsilon);
}

std::vector<Parameter> BatchNormLayer::parameters() const {
  const Initializer ones{InitializerKind::kConstant, 1.0};
  return {{"scale", {channels()}, ones, {}}, {"shift", {channels()}, {}, {}}};
}

std::vector<float> BatchNormLayer::initial_state() const {
  std::vector<float> state(static_cast<std::size_t>(2 * channels()), 0.0f);
  std::fill(state.begin() + channels(), state.end(), 1.0f);
  return state;
}

Index BatchNormLayer::scratch_size(Index batch) const {
  return batch_norm_scratch_size(params(batch));
}

BatchNormParams BatchNormLayer::params(Index batch) const {
  return {batch * (element_count(shape_) / channels()), channels(),
          static_cast<float>(spec_.epsilon), static_cast<float>(spec_.momentum)};
}

void BatchNormLayer::forward(const LayerPass& pass) const {
  const float* scale = pass.parameters;
  const float* shift = scale + channels();
  float* running_mean = pass.state;
  float* running_variance = running_mean + channels();
  if (pass.mode == Mode::kInference) {
    batch_norm_inference(pass.out, pass.in, running_mean, running_variance, scale, shift,
                         params(pass.batch), pass.scratch);
    return;
  }
  batch_norm_forward(pass.out, pass.saved, pass.saved + channels(), running_mean, running_variance,
                     pass.in, scale, shift, params(pass.batch), pass.scratch, pass.pool);
}

void BatchNormLayer::backward(const LayerPass& pass) const {
  float* d_scale = pass.gradients;
  float* d_shift = pass.gradients_from(channels());
  if (pass.mode == Mode::kInference) {
    batch_norm_inference_backward(pass.d_in, d_scale, d_shift, pass.d_out, pass.in, pass.parameters,
                                  pass.state, pass.state + channels(), params(pass.batch),
                                  pass.scratch);
    return;
  }
  batch_norm_backward(pass.d_in, d_scale, d_shift, pass.d_out, pass.in, pass.parameters, pass.saved,
                      pass.saved + channels(), params(pass.batch), pass.scratch, pass.pool);
}

}  // namespace kernelgarten
