#pragma once

// A network as a plain value. The same fields exist in the SDK (bindings/src/spec.ts); every layer
// lists its own once, in `fields`, and whoever converts a spec (bindings, checkpoints, exporters)
// visits that list. To add a layer: add its struct here, to LayerSpec::Variant, and follow the
// compiler.

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/init/initializer.hpp"
#include "engine/ops/window.hpp"
#include "engine/optim/optimizer_spec.hpp"

namespace kernelgarten {

struct DenseSpec {
  static constexpr std::string_view type = "dense";
  Index units = 0;
  Initializer weight_init{InitializerKind::kHeNormal};
  Initializer bias_init{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("units", self.units);
    visit("weightInit", self.weight_init);
    visit("biasInit", self.bias_init);
  }
};

struct Conv2dSpec {
  static constexpr std::string_view type = "conv2d";
  Index filters = 0;
  Index kernel = 3;
  Index stride = 1;
  Padding padding = Padding::kSame;
  Initializer weight_init{InitializerKind::kHeNormal};
  Initializer bias_init{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("filters", self.filters);
    visit("kernel", self.kernel);
    visit("stride", self.stride);
    visit("padding", self.padding);
    visit("weightInit", self.weight_init);
    visit("biasInit", self.bias_init);
  }
};

struct ConvTranspose2dSpec {
  static constexpr std::string_view type = "conv_transpose2d";
  Index filters = 0;
  Index kernel = 4;
  Index stride = 2;
  Padding padding = Padding::kSame;
  Index output_padding = 0;
  Initializer weight_init{InitializerKind::kHeNormal};
  Initializer bias_init{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("filters", self.filters);
    visit("kernel", self.kernel);
    visit("stride", self.stride);
    visit("padding", self.padding);
    visit("outputPadding", self.output_padding);
    visit("weightInit", self.weight_init);
    visit("biasInit", self.bias_init);
  }
};

struct Pool2dFields {
  Index size = 2;
  Index stride = 2;
  Padding padding = Padding::kSame;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("size", self.size);
    visit("stride", self.stride);
    visit("padding", self.padding);
  }
};

struct MaxPool2dSpec : Pool2dFields {
  static constexpr std::string_view type = "max_pool2d";
};

struct AveragePool2dSpec : Pool2dFields {
  static constexpr std::string_view type = "average_pool2d";
};

struct Upsample2dSpec {
  static constexpr std::string_view type = "upsample2d";
  Index factor = 2;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("factor", self.factor);
  }
};

struct BatchNormSpec {
  static constexpr std::string_view type = "batch_norm";
  double momentum = 0.1;
  double epsilon = 1e-5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("momentum", self.momentum);
    visit("epsilon", self.epsilon);
  }
};

/// For layers that have nothing to set.
struct NoFields {
  template <class Self, class Visitor>
  static void fields(Self&, Visitor&&) {}
};

struct ReluSpec : NoFields {
  static constexpr std::string_view type = "relu";
};

struct LeakyReluSpec {
  static constexpr std::string_view type = "leaky_relu";
  double slope = 0.01;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("slope", self.slope);
  }
};

struct SigmoidSpec : NoFields {
  static constexpr std::string_view type = "sigmoid";
};

struct TanhSpec : NoFields {
  static constexpr std::string_view type = "tanh";
};

struct SoftmaxSpec : NoFields {
  static constexpr std::string_view type = "softmax";
};

struct FlattenSpec : NoFields {
  static constexpr std::string_view type = "flatten";
};

struct ReshapeSpec {
  static constexpr std::string_view type = "reshape";
  Shape shape;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("shape", self.shape);
  }
};

struct DropoutSpec {
  static constexpr std::string_view type = "dropout";
  double rate = 0.5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate);
  }
};

/// A number for each of `vocabulary` symbols becomes a list of `units` numbers, learned like
/// weights.
struct EmbeddingSpec {
  static constexpr std::string_view type = "embedding";
  Index vocabulary = 0;
  Index units = 0;
  Initializer weight_init{InitializerKind::kNormal, 1.0};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("vocabulary", self.vocabulary);
    visit("units", self.units);
    visit("weightInit", self.weight_init);
  }
};

/// What all recurrent layers have.
struct RecurrentFields {
  Index units = 0;
  /// The output of every step, or of the last one only.
  bool return_sequences = false;
  /// A second cell that goes from the last step to the first; the outputs stand side by side.
  bool bidirectional = false;
  Initializer weight_init{InitializerKind::kGlorotUniform};
  Initializer recurrent_init{InitializerKind::kOrthogonal};
  Initializer bias_init{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("units", self.units);
    visit("returnSequences", self.return_sequences);
    visit("bidirectional", self.bidirectional);
    visit("weightInit", self.weight_init);
    visit("recurrentInit", self.recurrent_init);
    visit("biasInit", self.bias_init);
  }
};

enum class RecurrentActivation { kTanh, kRelu };

struct SimpleRnnSpec : RecurrentFields {
  static constexpr std::string_view type = "simple_rnn";
  RecurrentActivation activation = RecurrentActivation::kTanh;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    RecurrentFields::fields(self, visit);
    visit("activation", self.activation);
  }
};

struct LstmSpec : RecurrentFields {
  static constexpr std::string_view type = "lstm";
  /// Added to the forget gate's bias at the start, so that the cell begins by remembering.
  double forget_bias = 1.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    RecurrentFields::fields(self, visit);
    visit("forgetBias", self.forget_bias);
  }
};

struct GruSpec : RecurrentFields {
  static constexpr std::string_view type = "gru";
};

struct LayerSpec {
  using Variant =
      std::variant<DenseSpec, Conv2dSpec, ConvTranspose2dSpec, MaxPool2dSpec, AveragePool2dSpec,
                   Upsample2dSpec, BatchNormSpec, ReluSpec, LeakyReluSpec, SigmoidSpec, TanhSpec,
                   SoftmaxSpec, FlattenSpec, ReshapeSpec, DropoutSpec, EmbeddingSpec, SimpleRnnSpec,
                   LstmSpec, GruSpec>;

  /// Shown in messages; empty for the type and a number, such as "conv2d_1".
  std::string name;
  Variant kind;

  LayerSpec() = default;
  template <class Kind>
    requires std::is_constructible_v<Variant, Kind>
  LayerSpec(Kind layer, std::string layer_name = {})  // NOLINT: a list of layers reads as one
      : name(std::move(layer_name)), kind(std::move(layer)) {}

  std::string_view type() const {
    return std::visit([](const auto& layer) { return layer.type; }, kind);
  }
};

struct NetworkSpec {
  /// Shape of one example, batch excluded: {height, width, channels} for images.
  Shape input;
  std::vector<LayerSpec> layers;
  std::uint32_t seed = 1;
};

/// The same network for sequences of so many steps.
inline NetworkSpec with_steps(NetworkSpec spec, Index steps) {
  if (!spec.input.empty()) spec.input.front() = steps;
  return spec;
}

enum class Loss {
  kSoftmaxCrossEntropy,
  kBinaryCrossEntropy,
  kBinaryCrossEntropyWithLogits,
  kMeanSquaredError,
};

struct TrainingSpec {
  Index batch_size = 128;
  Loss loss = Loss::kSoftmaxCrossEntropy;
  OptimizerSpec optimizer{};
  /// Seeds the order of the examples.
  std::uint32_t seed = 1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("batchSize", self.batch_size);
    visit("loss", self.loss);
    visit("optimizer", self.optimizer);
    visit("seed", self.seed);
  }
};

/// The text form of each value of an enumeration, in the order of its declaration.
template <class Enum>
inline constexpr std::array<std::string_view, 0> kEnumNames{};

template <>
inline constexpr std::array<std::string_view, 2> kEnumNames<Padding>{"same", "valid"};
template <>
inline constexpr std::array<std::string_view, 9> kEnumNames<InitializerKind>{
    "zeros",          "constant",  "normal",     "uniform",   "glorot_normal",
    "glorot_uniform", "he_normal", "he_uniform", "orthogonal"};
template <>
inline constexpr std::array<std::string_view, 2> kEnumNames<RecurrentActivation>{"tanh", "relu"};
template <>
inline constexpr std::array<std::string_view, 3> kEnumNames<OptimizerType>{"sgd", "rmsprop",
                                                                           "adam"};
template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<Loss>{
    "softmax_cross_entropy", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "mean_squared_error"};

}  // namespace kernelgarten
