#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/init/initializer.hpp"
#include "engine/network/spec.hpp"
#include "engine/parallel/thread_pool.hpp"
#include "engine/tensor/scratch.hpp"

namespace kernelgarten {

/// One parameter tensor of a layer: what it is called, its shape and how it starts.
struct Parameter {
  std::string name;
  Shape shape;
  Initializer initializer;
  Fan fan;
};

/// Whether statistics and random masks are those of training or of use.
enum class Mode { kTraining, kInference };

/// Whether a layer's output may lie where its input lies (and `d_in` where `d_out` does).
enum class InPlace { kNo, kOverwrites, kKeepsValues };

/// Numbers inside a layer that are neither its output nor its parameters, to be looked at.
struct Trace {
  std::string name;
  Shape shape;
  std::vector<float> values;
};

/// Everything a layer works on during one pass; the network's workspace owns the memory.
struct LayerPass {
  Mode mode;
  Index batch;
  /// Where these examples stand in the batch they are part of.
  Index first_example;
  const float* in;
  float* out;
  /// Backward only. `d_in` is null where nobody needs it; it is written, not added to.
  const float* d_out;
  float* d_in;
  /// The layer's part of the flat buffers, in the order of `parameters()`.
  const float* parameters;
  /// Added to; null where nobody needs them.
  float* gradients;
  /// Numbers that live as long as the network but are not trained: running statistics.
  float* state;
  /// What the forward pass leaves for the backward pass.
  float* saved;
  /// Of each example, `carried_row` floats apart: what the layer carries into its sequences, null
  /// for zeros, and where it puts what it carries out of them, null if nobody asks.
  const float* initial_state;
  float* final_state;
  Index carried_row;
  Scratch scratch;
  /// Names the random numbers of this layer in this step.
  std::uint32_t seed;
  std::uint64_t random_stream;
  /// For layers that mix examples; the others are on one of its lanes already.
  ThreadPool& pool;

  /// The gradients from there on, null where nobody needs them.
  float* gradients_from(Index offset) const {
    return gradients == nullptr ? nullptr : gradients + offset;
  }
};

/// One stage of a network. A layer knows its shapes and calls its op pair; it owns no numbers.
class Layer {
 public:
  virtual ~Layer() = default;

  virtual Shape output_shape() const = 0;
  virtual std::vector<Parameter> parameters() const { return {}; }
  /// Changes starting values that an initializer alone does not give.
  virtual void adjust_initial_parameters(std::span<float> /*values*/) const {}

  /// Starting values of the layer's state; its length is that of the state.
  virtual std::vector<float> initial_state() const { return {}; }
  /// Floats kept between forward and backward for `batch` examples; in proportion to them unless
  /// the layer mixes them.
  virtual Index saved_size(Index /*batch*/) const { return 0; }
  virtual Index scratch_size(Index /*batch*/) const { return 0; }
  /// Floats that each example carries from the end of one sequence to the start of the next.
  virtual Index carried_size() const { return 0; }
  /// Floating-point operations of one example's forward pass; a multiply-add counts two.
  virtual double flops() const { return 0.0; }

  /// Whether, while training, one example's output depends on the others in the batch. All other
  /// layers can be given a batch in parts.
  virtual bool mixes_examples() const { return false; }
  /// Whether a sequence can be given step by step, with what is carried from one to the next.
  virtual bool treats_steps_alike() const { return true; }
  /// What there is to see inside after a forward pass of one example that left `saved`.
  virtual std::vector<Trace> forward_traces(float* /*saved*/) const { return {}; }
  /// The same after the backward pass.
  virtual std::vector<Trace> backward_traces(float* /*saved*/) const { return {}; }
  virtual InPlace in_place() const { return InPlace::kNo; }
  /// Whether the backward pass reads `out`, which then must not be overwritten by a later layer.
  virtual bool backward_reads_output() const { return false; }

  virtual void forward(const LayerPass& pass) const = 0;
  virtual void backward(const LayerPass& pass) const = 0;
};

/// Builds the layer for inputs of shape `input`. Throws InvalidArgument with `name` in brackets,
/// what was expected and what came, where spec and shape do not fit.
std::unique_ptr<Layer> make_layer(const LayerSpec& spec, const std::string& name,
                                  const Shape& input);

}  // namespace kernelgarten
