#pragma once

#include <span>

#include "engine/network/workspace.hpp"

namespace kernelgarten {

/// Takes one example at a time through a network, as in use, on one thread.
class SingleExample {
 public:
  /// The network outlives it. Throws InvalidArgument where it is too large to be held.
  SingleExample(Network& network, Keep keep);

  /// Where the caller puts the example.
  std::span<float> input();
  void forward(const CarriedStates& carried = {});
  /// What the last `forward` gave.
  std::span<const float> output() const;
  /// Where the caller puts the gradient of the loss with respect to that output.
  std::span<float> output_gradient();
  /// The gradients between the layers, not those of the parameters, and, where it is asked for,
  /// that with respect to the example; follows a `forward`.
  void backward(float* d_input = nullptr);

  /// Of stage `index`: what it gave, the gradient with respect to that, what it saved. Only with
  /// Keep::kEverything.
  std::span<const float> activation(std::size_t index) const;
  std::span<const float> gradient(std::size_t index) const;
  float* saved(std::size_t index);

  /// Bytes held.
  std::size_t memory() const { return workspace_.memory(); }

 private:
  PassContext pass(const CarriedStates& carried, float* d_input);

  Network& network_;
  ThreadPool pool_{1};
  Workspace workspace_;
};

}  // namespace kernelgarten
