#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/io/state_visitor.hpp"
#include "engine/layers/layer.hpp"
#include "engine/tensor/aligned_buffer.hpp"

namespace kernelgarten {

/// More layers than this are a mistake.
inline constexpr std::size_t kMostLayers = 1000;

/// A layer in its place in a network.
struct Stage {
  /// Where it stands among the layers of the spec.
  std::size_t index;
  std::string name;
  std::string type;
  std::shared_ptr<const Layer> layer;
  Shape input_shape;
  Shape output_shape;
  std::vector<Parameter> parameters;
  /// The layer's part of the network's flat buffers.
  Index parameter_offset;
  Index parameter_count;
  Index state_offset;
  /// The layer's part of what an example carries from sequence to sequence.
  Index carried_offset;
};

/// Neighbouring layers of a network, `end` not included.
struct Layers {
  std::size_t begin;
  std::size_t end;
};

/// A sequence of layers with its parameters, gradients and running statistics, each in one flat
/// buffer, so that an optimizer, a norm or a checkpoint is one loop.
class Network {
 public:
  /// Builds and initialises. Throws InvalidArgument with the layer's name in brackets where shapes
  /// do not fit, and where the network would be too large to hold.
  explicit Network(const NetworkSpec& spec);

  const Shape& input_shape() const { return input_shape_; }
  const Shape& output_shape() const { return stages_.back().output_shape; }
  /// One for each layer of the spec.
  const std::vector<Stage>& stages() const { return stages_; }
  /// The same computation with fewer stages, for whoever does not look at what lies between them.
  const std::vector<Stage>& fused_stages() const { return fused_stages_; }
  std::uint32_t seed() const { return seed_; }

  std::span<float> parameters() { return parameters_.span(); }
  std::span<const float> parameters() const { return parameters_.span(); }
  /// Those of the last finished step.
  std::span<float> gradients() { return gradients_.span(); }
  std::span<float> state() { return state_.span(); }
  std::span<const float> state() const { return state_.span(); }
  /// Takes over the parameters and the state of a network with the same layers, whatever the length
  /// of its sequences.
  void take_weights(const Network& other);

  /// Parameters, as `conv2d_1.weight`, and running statistics, as `batch_norm_1.state`.
  void visit_state(StateVisitor& visit);

  /// Floats that each example carries from the end of one sequence to the start of the next.
  Index carried_size() const {
    return stages_.back().carried_offset + stages_.back().layer->carried_size();
  }

  /// One layer's part of the parameters or gradients.
  std::span<float> parameters_of(const Stage& stage) { return part_of(parameters_, stage); }
  std::span<float> gradients_of(const Stage& stage) { return part_of(gradients_, stage); }

  /// Bytes held.
  std::size_t memory() const;

 private:
  void add_stage(const LayerSpec& spec, const std::string& name);
  void allocate();
  void initialize_parameters();
  std::span<float> part_of(AlignedBuffer<float>& buffer, const Stage& stage) {
    return buffer.span().subspan(static_cast<std::size_t>(stage.parameter_offset),
                                 static_cast<std::size_t>(stage.parameter_count));
  }

  Shape input_shape_;
  std::uint32_t seed_;
  std::vector<Stage> stages_;
  std::vector<Stage> fused_stages_;
  AlignedBuffer<float> parameters_;
  AlignedBuffer<float> gradients_;
  AlignedBuffer<float> state_;
};

}  // namespace kernelgarten
