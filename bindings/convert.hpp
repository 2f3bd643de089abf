#pragma once

// From JavaScript values to the engine's and back. Bulk data crosses by copy: no view of the heap
// outlives the call that made it.

#include <emscripten/val.h>

#include <span>
#include <string>
#include <vector>

#include "engine/judge/sample_scores.hpp"
#include "engine/network/spec.hpp"
#include "engine/train/classifier.hpp"
#include "engine/train/forecaster.hpp"
#include "engine/train/gan.hpp"
#include "engine/train/language_model.hpp"

namespace kernelgarten::bindings {

using emscripten::val;

// ---- into the engine

inline std::vector<std::uint8_t> to_bytes(const val& array) {
  return emscripten::convertJSArrayToNumberVector<std::uint8_t>(array);
}

inline std::vector<float> to_floats(const val& array) {
  return emscripten::convertJSArrayToNumberVector<float>(array);
}

inline std::vector<std::int32_t> to_integers(const val& array) {
  return emscripten::convertJSArrayToNumberVector<std::int32_t>(array);
}

/// What is wrong is said of `owner` + "network" or a layer there: "generator.layer 2".
NetworkSpec to_network_spec(const val& object, const std::string& owner = "");
TrainingSpec to_training_spec(const val& object);
GanTrainingSpec to_gan_training_spec(const val& object);
Players to_players(const std::string& name);
Split to_split(const std::string& name);
/// Throws where there is no such layer.
const Stage& stage_at(const Network& network, int layer);

// ---- out of the engine

val from_floats(std::span<const float> values);
val from_bytes(std::span<const std::uint8_t> values);
val from_shape(const Shape& shape);
val from_tensor(const Shape& shape, std::span<const float> values);
val from_step(const StepMetrics& metrics);
val from_step(const GanStep& metrics);
val from_evaluation(const Evaluation& evaluation);
val from_evaluation(const TextEvaluation& evaluation);
val from_evaluation(const ForecastEvaluation& evaluation);
/// Layers and sizes of a model's network; `memory` in bytes.
val from_network(const Network& network, std::size_t memory, Index batches_per_epoch);
val from_gan(Gan& gan);
val from_inspections(const std::vector<LayerInspection>& layers);
/// Without the characters, which whoever asked has.
val from_inspection(const TextInspection& inspection);
val from_sample_scores(const SampleScores& scores);
val from_statistics(const std::vector<LayerStatistics>& layers);
/// One tensor for each parameter of layer `index`, cut out of the flat `values` of that layer.
val from_parameters(const Stage& stage, std::span<const float> values);
/// The type and the field names of every layer there is.
val layer_schema();

}  // namespace kernelgarten::bindings
