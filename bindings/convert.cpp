#include "bindings/convert.hpp"

#include <optional>

#include "bindings/field_reader.hpp"

namespace kernelgarten::bindings {
namespace {

/// The spec of the layer type called `type`, all fields at their defaults.
template <std::size_t Candidate = 0>
std::optional<LayerSpec::Variant> default_layer(const std::string& type) {
  if constexpr (Candidate == std::variant_size_v<LayerSpec::Variant>) {
    return std::nullopt;
  } else {
    using Spec = std::variant_alternative_t<Candidate, LayerSpec::Variant>;
    if (type == Spec::type) return Spec{};
    return default_layer<Candidate + 1>(type);
  }
}

template <std::size_t... Candidates>
std::string layer_types(std::index_sequence<Candidates...>) {
  std::string types;
  ((types += concat(types.empty() ? "" : ", ",
                    std::variant_alternative_t<Candidates, LayerSpec::Variant>::type)),
   ...);
  return types;
}

using LayerIndices = std::make_index_sequence<std::variant_size_v<LayerSpec::Variant>>;

std::string optional_text(const val& object, const char* key, const std::string& where) {
  const val value = object[key];
  if (value.isUndefined()) return {};
  check(value.isString(), "[", where, "] ", key, " must be a text, got ",
        value.typeOf().as<std::string>());
  return value.as<std::string>();
}

LayerSpec to_layer_spec(const val& object, const std::string& place) {
  FieldReader reader(object, place);
  const std::string type = optional_text(object, "type", place);
  std::optional<LayerSpec::Variant> kind = default_layer(type);
  check(kind.has_value(), "[", place, "] type must be one of ", layer_types(LayerIndices{}),
        "; got '", type, "'");
  LayerSpec spec{std::move(*kind), optional_text(object, "name", place)};
  FieldReader fields(object, concat(place, " ", type));
  std::visit([&](auto& layer) { layer.fields(layer, fields); }, spec.kind);
  fields.check_no_others({"type", "name"});
  return spec;
}

template <class Spec>
Spec to_spec(const val& object) {
  Spec spec;
  FieldReader reader(object, "training");
  Spec::fields(spec, reader);
  reader.check_no_others();
  return spec;
}

struct FieldLister {
  val names = val::array();

  template <class T>
  void operator()(const char* name, T&) {
    names.call<void>("push", std::string(name));
  }
};

template <class Spec>
void append_schema(val& list) {
  Spec spec;
  FieldLister lister;
  Spec::fields(spec, lister);
  val entry = val::object();
  entry.set("type", std::string(Spec::type));
  entry.set("fields", lister.names);
  list.call<void>("push", entry);
}

template <std::size_t... Candidates>
val schema_of(std::index_sequence<Candidates...>) {
  val list = val::array();
  (append_schema<std::variant_alternative_t<Candidates, LayerSpec::Variant>>(list), ...);
  return list;
}

/// What every kind of step has.
template <class Metrics>
val from_place(const Metrics& metrics) {
  val step = val::object();
  step.set("step", static_cast<int>(metrics.step));
  step.set("epoch", static_cast<int>(metrics.epoch));
  step.set("batch", static_cast<int>(metrics.batch));
  return step;
}

/// A typed array of its own, copied out of the heap.
template <class T>
val copy_out(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}

const char* split_name(Split split) { return split == Split::kTrain ? "train" : "test"; }

val from_stage(const Stage& stage, int index) {
  val layer = val::object();
  layer.set("index", index);
  layer.set("name", stage.name);
  layer.set("type", stage.type);
  layer.set("outputShape", from_shape(stage.output_shape));
  val parameters = val::array();
  for (const Parameter& parameter : stage.parameters) {
    val entry = val::object();
    entry.set("name", parameter.name);
    entry.set("shape", from_shape(parameter.shape));
    parameters.call<void>("push", entry);
  }
  layer.set("parameters", parameters);
  layer.set("parameterCount", static_cast<int>(stage.parameter_count));
  layer.set("flops", stage.layer->flops());
  return layer;
}

}  // namespace

NetworkSpec to_network_spec(const val& object, const std::string& owner) {
  NetworkSpec spec;
  const std::string place = owner + "network";
  FieldReader reader(object, place);
  reader("input", spec.input);
  reader("seed", spec.seed);
  reader.check_no_others({"layers"});
  const val layers = object["layers"];
  check(layers.isArray(), "[", place, "] layers must be a list, got ",
        layers.typeOf().as<std::string>());
  for (int i = 0; i < layers["length"].as<int>(); ++i) {
    spec.layers.push_back(to_layer_spec(layers[i], concat(owner, "layer ", i + 1)));
  }
  return spec;
}

TrainingSpec to_training_spec(const val& object) { return to_spec<TrainingSpec>(object); }

GanTrainingSpec to_gan_training_spec(const val& object) { return to_spec<GanTrainingSpec>(object); }

Players to_players(const std::string& name) {
  if (name == "both") return Players::kBoth;
  if (name == "discriminator") return Players::kDiscriminator;
  check(name == "generator", "[players] expected both, discriminator or generator, got '", name,
        "'");
  return Players::kGenerator;
}

Split to_split(const std::string& name) {
  check(name == "train" || name == "test", "[evaluation] split must be train or test, got '", name,
        "'");
  return name == "train" ? Split::kTrain : Split::kTest;
}

const Stage& stage_at(const Network& network, int layer) {
  const auto& stages = network.stages();
  check(layer >= 0 && layer < static_cast<int>(stages.size()),
        "[network] expected a layer from 0 to ", stages.size() - 1, ", got ", layer);
  return stages[static_cast<std::size_t>(layer)];
}

val from_floats(std::span<const float> values) { return copy_out(values); }
val from_bytes(std::span<const std::uint8_t> values) { return copy_out(values); }

val from_shape(const Shape& shape) {
  val list = val::array();
  for (const Index size : shape) list.call<void>("push", static_cast<int>(size));
  return list;
}

val from_tensor(const Shape& shape, std::span<const float> values) {
  val tensor = val::object();
  tensor.set("shape", from_shape(shape));
  tensor.set("values", from_floats(values));
  return tensor;
}

val from_step(const StepMetrics& metrics) {
  val step = from_place(metrics);
  step.set("loss", metrics.loss);
  step.set("accuracy", metrics.accuracy);
  step.set("gradientNorm", metrics.gradient_norm);
  return step;
}

val from_step(const GanStep& metrics) {
  val step = from_place(metrics);
  step.set("discriminatorLoss", metrics.discriminator_loss);
  step.set("generatorLoss", metrics.generator_loss);
  step.set("realVerdict", metrics.real_verdict);
  step.set("fakeVerdict", metrics.fake_verdict);
  step.set("discriminatorGradientNorm", metrics.discriminator_gradient_norm);
  step.set("generatorGradientNorm", metrics.generator_gradient_norm);
  return step;
}

/// What every kind of evaluation has.
template <class Result>
val from_scores(const Result& evaluation) {
  val result = val::object();
  result.set("split", std::string(split_name(evaluation.split)));
  result.set("step", static_cast<int>(evaluation.step));
  result.set("count", static_cast<int>(evaluation.count));
  result.set("loss", evaluation.loss);
  return result;
}

val from_evaluation(const Evaluation& evaluation) {
  val result = from_scores(evaluation);
  result.set("accuracy", evaluation.accuracy);
  result.set("classes", static_cast<int>(evaluation.classes));
  result.set("confusion", copy_out<std::uint32_t>(evaluation.confusion));
  return result;
}

val from_evaluation(const TextEvaluation& evaluation) {
  val result = from_scores(evaluation);
  result.set("accuracy", evaluation.accuracy);
  return result;
}

val from_evaluation(const ForecastEvaluation& evaluation) { return from_scores(evaluation); }

val from_network(const Network& network, std::size_t memory, Index batches_per_epoch) {
  val info = val::object();
  info.set("inputShape", from_shape(network.input_shape()));
  val layers = val::array();
  int index = 0;
  for (const Stage& stage : network.stages()) {
    layers.call<void>("push", from_stage(stage, index++));
  }
  info.set("layers", layers);
  info.set("parameterCount", static_cast<int>(network.parameters().size()));
  info.set("memoryBytes", static_cast<double>(memory));
  info.set("batchesPerEpoch", static_cast<int>(batches_per_epoch));
  return info;
}

val from_gan(Gan& gan) {
  const Index batches = gan.batches_per_epoch();
  val info = val::object();
  info.set("generator", from_network(gan.generator(), gan.memory(), batches));
  info.set("discriminator", from_network(gan.discriminator(), gan.memory(), batches));
  info.set("memoryBytes", static_cast<double>(gan.memory()));
  info.set("batchesPerEpoch", static_cast<int>(batches));
  return info;
}

val from_inspections(const std::vector<LayerInspection>& layers) {
  val list = val::array();
  int index = 0;
  for (const LayerInspection& layer : layers) {
    val entry = val::object();
    entry.set("index", index++);
    entry.set("name", layer.name);
    entry.set("activation", from_tensor(layer.shape, layer.activation));
    if (!layer.gradient.empty()) entry.set("gradient", from_tensor(layer.shape, layer.gradient));
    val traces = val::object();
    for (const Trace& trace : layer.traces) {
      traces.set(trace.name, from_tensor(trace.shape, trace.values));
    }
    entry.set("traces", traces);
    list.call<void>("push", entry);
  }
  return list;
}

val from_inspection(const TextInspection& inspection) {
  val result = val::object();
  result.set("probabilities", from_floats(inspection.probabilities));
  result.set("layers", from_inspections(inspection.layers));
  return result;
}

val from_statistics(const std::vector<LayerStatistics>& layers) {
  val list = val::array();
  int index = 0;
  for (const LayerStatistics& layer : layers) {
    val entry = val::object();
    entry.set("index", index++);
    entry.set("name", layer.name);
    entry.set("weightMean", layer.weight_mean);
    entry.set("weightStd", layer.weight_std);
    entry.set("gradientNorm", layer.gradient_norm);
    list.call<void>("push", entry);
  }
  return list;
}

val from_sample_scores(const SampleScores& scores) {
  val result = val::object();
  result.set("count", static_cast<int>(scores.count));
  result.set("confidence", scores.confidence);
  result.set("shares", copy_out<double>(scores.shares));
  result.set("inceptionScore", scores.inception_score);
  result.set("frechetDistance", scores.frechet_distance);
  return result;
}

val from_parameters(const Stage& stage, std::span<const float> values) {
  val list = val::array();
  for (const Parameter& parameter : stage.parameters) {
    const auto count = static_cast<std::size_t>(element_count(parameter.shape));
    list.call<void>("push", from_tensor(parameter.shape, values.first(count)));
    values = values.subspan(count);
  }
  return list;
}

val layer_schema() { return schema_of(LayerIndices{}); }

}  // namespace kernelgarten::bindings
