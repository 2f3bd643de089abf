#pragma once

#include <cstdint>
#include <memory>
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
  float* gradients;
  /// Numbers that live as long as the network but are not trained: running statistics.
  float* state;
  /// What the forward pass leaves for the backward pass.
  float* saved;
  Scratch scratch;
  /// Names the random numbers of this layer in this step.
  std::uint32_t seed;
  std::uint64_t random_stream;
  /// For layers that mix examples; the others are on one of its lanes already.
  ThreadPool& pool;
};

/// One stage of a network. A layer knows its shapes and calls its op pair; it owns no numbers.
class Layer {
 public:
  virtual ~Layer() = default;

  virtual Shape output_shape() const = 0;
  virtual std::vector<Parameter> parameters() const { return {}; }

  /// Starting values of the layer's state; its length is that of the state.
  virtual std::vector<float> initial_state() const { return {}; }
  /// Floats kept between forward and backward for `batch` examples; in proportion to them unless
  /// the layer mixes them.
  virtual Index saved_size(Index /*batch*/) const { return 0; }
  virtual Index scratch_size(Index /*batch*/) const { return 0; }
  /// Floating-point operations of one example's forward pass; a multiply-add counts two.
  virtual double flops() const { return 0.0; }

  /// Whether, while training, one example's output depends on the others in the batch. All other
  /// layers can be given a batch in parts.
  virtual bool mixes_examples() const { return false; }
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
