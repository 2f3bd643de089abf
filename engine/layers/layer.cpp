#include "engine/layers/layer.hpp"

#include "engine/layers/activation_layer.hpp"
#include "engine/layers/batch_norm_layer.hpp"
#include "engine/layers/conv2d_layer.hpp"
#include "engine/layers/conv_transpose2d_layer.hpp"
#include "engine/layers/dense_layer.hpp"
#include "engine/layers/dropout_layer.hpp"
#include "engine/layers/embedding_layer.hpp"
#include "engine/layers/pool2d_layers.hpp"
#include "engine/layers/recurrent_layer.hpp"
#include "engine/layers/reshape_layer.hpp"
#include "engine/layers/softmax_layer.hpp"
#include "engine/layers/upsample2d_layer.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// One overload per spec: leaving one out does not compile.
struct LayerFactory {
  using Result = std::unique_ptr<Layer>;
  const std::string& name;
  const Shape& input;

  Result operator()(const DenseSpec& spec) const {
    return std::make_unique<DenseLayer>(spec, name, input);
  }
  Result operator()(const Conv2dSpec& spec) const {
    return std::make_unique<Conv2dLayer>(spec, name, input);
  }
  Result operator()(const ConvTranspose2dSpec& spec) const {
    return std::make_unique<ConvTranspose2dLayer>(spec, name, input);
  }
  Result operator()(const MaxPool2dSpec& spec) const {
    return std::make_unique<MaxPool2dLayer>(spec, name, input);
  }
  Result operator()(const AveragePool2dSpec& spec) const {
    return std::make_unique<AveragePool2dLayer>(spec, name, input);
  }
  Result operator()(const Upsample2dSpec& spec) const {
    return std::make_unique<Upsample2dLayer>(spec, name, input);
  }
  Result operator()(const BatchNormSpec& spec) const {
    return std::make_unique<BatchNormLayer>(spec, name, input);
  }
  Result operator()(const ReluSpec&) const { return activation(Relu{}); }
  Result operator()(const LeakyReluSpec& spec) const {
    check(spec.slope >= 0.0 && spec.slope <= 1.0, "[", name, "] slope must be from 0 to 1, got ",
          spec.slope);
    return activation(LeakyRelu{static_cast<float>(spec.slope)});
  }
  Result operator()(const SigmoidSpec&) const { return activation(Sigmoid{}); }
  Result operator()(const TanhSpec&) const { return activation(Tanh{}); }
  Result operator()(const SoftmaxSpec&) const { return std::make_unique<SoftmaxLayer>(input); }
  Result operator()(const FlattenSpec&) const {
    return std::make_unique<ReshapeLayer>(Shape{element_count(input)});
  }
  Result operator()(const ReshapeSpec& spec) const {
    for (const Index size : spec.shape) {
      check(size >= 1, "[", name, "] sizes must be at least 1, got ", to_string(spec.shape));
    }
    check(!spec.shape.empty() &&
              wide_element_count(spec.shape) == static_cast<double>(element_count(input)),
          "[", name, "] expected a shape of ", element_count(input), " numbers (the input is ",
          to_string(input), "), got ", to_string(spec.shape));
    return std::make_unique<ReshapeLayer>(spec.shape);
  }
  Result operator()(const DropoutSpec& spec) const {
    return std::make_unique<DropoutLayer>(spec, name, input);
  }
  Result operator()(const EmbeddingSpec& spec) const {
    return std::make_unique<EmbeddingLayer>(spec, name, input);
  }
  Result operator()(const SimpleRnnSpec& spec) const {
    const bool tanh = spec.activation == RecurrentActivation::kTanh;
    return std::make_unique<RecurrentLayer>(tanh ? CellKind::kElmanTanh : CellKind::kElmanRelu,
                                            spec, name, input);
  }
  Result operator()(const LstmSpec& spec) const {
    return std::make_unique<LstmLayer>(spec, name, input);
  }
  Result operator()(const GruSpec& spec) const {
    return std::make_unique<RecurrentLayer>(CellKind::kGru, spec, name, input);
  }

  template <class Activation>
  Result activation(Activation function) const {
    return std::make_unique<ActivationLayer<Activation>>(function, input);
  }
};

}  // namespace

std::unique_ptr<Layer> make_layer(const LayerSpec& spec, const std::string& name,
                                  const Shape& input) {
  return std::visit(LayerFactory{name, input}, spec.kind);
}

}  // namespace kernelgarten
