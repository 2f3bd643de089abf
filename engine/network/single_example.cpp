#include "engine/network/single_example.hpp"

namespace kernelgarten {
namespace {

constexpr Examples kOne{0, 1};
constexpr int kLane = 0;

template <class T>
std::span<T> as_span(T* values, const Shape& shape) {
  return {values, static_cast<std::size_t>(element_count(shape))};
}

}  // namespace

SingleExample::SingleExample(Network& network, Keep keep)
    : network_(network), workspace_(network, {1, 1, 1}, keep) {}

PassContext SingleExample::pass(const CarriedStates& carried, float* d_input) {
  return {Mode::kInference, 0, network_.state().data(), nullptr, pool_, carried, d_input};
}

std::span<float> SingleExample::input() {
  return as_span(workspace_.input(kOne, kLane), network_.input_shape());
}

void SingleExample::forward(const CarriedStates& carried) {
  workspace_.forward(network_, workspace_.all_layers(network_), kOne, kLane,
                     pass(carried, nullptr));
}

std::span<const float> SingleExample::output() const {
  return as_span(workspace_.output(kOne, kLane), network_.output_shape());
}

std::span<float> SingleExample::output_gradient() {
  return as_span(workspace_.output_gradient(kOne, kLane), network_.output_shape());
}

void SingleExample::backward(float* d_input) {
  workspace_.backward(network_, workspace_.all_layers(network_), kOne, kLane, pass({}, d_input));
}

std::span<const float> SingleExample::activation(std::size_t index) const {
  return as_span(workspace_.activation(index, kOne, kLane), network_.stages()[index].output_shape);
}

std::span<const float> SingleExample::gradient(std::size_t index) const {
  return as_span(workspace_.gradient(index, kOne, kLane), network_.stages()[index].output_shape);
}

float* SingleExample::saved(std::size_t index) { return workspace_.saved(index, kOne, kLane); }

}  // namespace kernelgarten
