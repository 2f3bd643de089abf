#include "engine/network/network.hpp"

#include <algorithm>
#include <map>

#include "engine/network/fusion.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Past these a tab runs out of memory: numbers in one example's activation, and parameters.
constexpr double kLargestActivation = 1 << 24;
constexpr double kMostParameters = 1 << 26;

/// The names given, or the type and a running number per type: conv2d_1, conv2d_2.
std::vector<std::string> layer_names(const std::vector<LayerSpec>& layers) {
  std::map<std::string_view, int> used;
  std::vector<std::string> names;
  for (const LayerSpec& layer : layers) {
    const int number = ++used[layer.type()];
    names.push_back(layer.name.empty() ? concat(layer.type(), "_", number) : layer.name);
  }
  return names;
}

}  // namespace

Network::Network(const NetworkSpec& spec) : input_shape_(spec.input), seed_(spec.seed) {
  check(!spec.input.empty() && spec.input.size() <= 4,
        "[network] input shape must have 1 to 4 sizes, got ", spec.input.size());
  for (const Index size : spec.input) {
    check(size >= 1, "[network] input sizes must be at least 1, got ", to_string(spec.input));
  }
  check(wide_element_count(spec.input) <= kLargestActivation,
        "[network] expected an input of at most ", kLargestActivation, " numbers, got ",
        to_string(spec.input));
  check(!spec.layers.empty() && spec.layers.size() <= kMostLayers, "[network] expected 1 to ",
        kMostLayers, " layers, got ", spec.layers.size());
  const std::vector<std::string> names = layer_names(spec.layers);
  for (std::size_t i = 0; i < names.size(); ++i) add_stage(spec.layers[i], names[i]);
  fused_stages_ = fuse_stages(spec.layers, stages_);
  allocate();
  initialize_parameters();
}

void Network::add_stage(const LayerSpec& spec, const std::string& name) {
  const Shape& input = stages_.empty() ? input_shape_ : stages_.back().output_shape;
  Stage stage{stages_.size(),
              name,
              std::string(spec.type()),
              make_layer(spec, name, input),
              input,
              {},
              {},
              0,
              0,
              0,
              0};
  stage.output_shape = stage.layer->output_shape();
  check(wide_element_count(stage.output_shape) <= kLargestActivation, "[", name,
        "] expected an output of at most ", kLargestActivation, " numbers, got ",
        to_string(stage.output_shape));
  stage.parameters = stage.layer->parameters();
  if (!stages_.empty()) {
    const Stage& previous = stages_.back();
    stage.parameter_offset = previous.parameter_offset + previous.parameter_count;
    stage.state_offset =
        previous.state_offset + static_cast<Index>(previous.layer->initial_state().size());
    stage.carried_offset = previous.carried_offset + previous.layer->carried_size();
  }
  double count = 0.0;
  for (const Parameter& parameter : stage.parameters) count += wide_element_count(parameter.shape);
  check(static_cast<double>(stage.parameter_offset) + count <= kMostParameters, "[", name,
        "] expected a network of at most ", kMostParameters, " parameters, this layer alone has ",
        count);
  stage.parameter_count = static_cast<Index>(count);
  stages_.push_back(std::move(stage));
}

void Network::allocate() {
  const Stage& last = stages_.back();
  const Index parameter_count = last.parameter_offset + last.parameter_count;
  parameters_ = AlignedBuffer<float>(parameter_count);
  gradients_ = AlignedBuffer<float>(parameter_count);
  state_ = AlignedBuffer<float>(last.state_offset +
                                static_cast<Index>(last.layer->initial_state().size()));
}

void Network::initialize_parameters() {
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    Random random(seed_, random_stream(RandomUse::kInitialWeights, i));
    float* values = parameters_.data() + stage.parameter_offset;
    for (const Parameter& parameter : stage.parameters) {
      const auto count = static_cast<std::size_t>(element_count(parameter.shape));
      initialize({values, count}, parameter.initializer, parameter.fan, random);
      values += count;
    }
    stage.layer->adjust_initial_parameters(parameters_of(stage));
    std::ranges::copy(stage.layer->initial_state(), state_.data() + stage.state_offset);
  }
}

void Network::take_weights(const Network& other) {
  std::ranges::copy(other.parameters(), parameters_.data());
  std::ranges::copy(other.state(), state_.data());
}

void Network::visit_state(StateVisitor& visit) {
  for (const Stage& stage : stages_) {
    std::span<float> values = parameters_of(stage);
    for (const Parameter& parameter : stage.parameters) {
      const auto count = static_cast<std::size_t>(element_count(parameter.shape));
      visit.floats(concat(stage.name, ".", parameter.name), parameter.shape, values.first(count));
      values = values.subspan(count);
    }
    const auto size = stage.layer->initial_state().size();
    if (size == 0) continue;
    visit.floats(concat(stage.name, ".state"), {static_cast<Index>(size)},
                 state().subspan(static_cast<std::size_t>(stage.state_offset), size));
  }
}

std::size_t Network::memory() const {
  const Index floats = parameters_.size() + gradients_.size() + state_.size();
  return static_cast<std::size_t>(floats) * sizeof(float);
}

}  // namespace kernelgarten
