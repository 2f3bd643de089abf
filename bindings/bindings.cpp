// The list of what JavaScript sees. bindings/src wraps it in the typed SDK.

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <memory>

#include "bindings/convert.hpp"
#include "bindings/gan_bindings.hpp"
#include "bindings/js_types.hpp"
#include "bindings/measure.hpp"
#include "engine/data/gaussian_mixture.hpp"
#include "engine/data/noisy_wave.hpp"
#include "engine/judge/judge.hpp"
#include "engine/network/weights_file.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {
namespace {

using TextPointer = std::shared_ptr<Text>;

DatasetPointer dataset_from_idx(const JsBytes& images, const JsBytes& labels) {
  return std::make_shared<ImageDataset>(ImageDataset::from_idx(to_bytes(images), to_bytes(labels)));
}

DatasetPointer dataset_split_off(ImageDataset& dataset, double fraction, std::uint32_t seed) {
  return std::make_shared<ImageDataset>(dataset.split_off(fraction, seed));
}

void check_example(const ImageDataset& dataset, int index) {
  check(index >= 0 && index < dataset.count(), "[data] expected an example from 0 to ",
        dataset.count() - 1, ", got ", index);
}

JsBytes dataset_image(const ImageDataset& dataset, int index) {
  check_example(dataset, index);
  return JsBytes(from_bytes(dataset.image(index)));
}

int dataset_label(const ImageDataset& dataset, int index) {
  check_example(dataset, index);
  return dataset.label(index);
}

/// Throws unless there are 1 to 8; without -pthread there is one, whatever is asked for.
void set_thread_count(int threads) { module_pool() = std::make_shared<ThreadPool>(threads); }

int thread_count() { return module_pool()->threads(); }

std::unique_ptr<Classifier> make_classifier(DatasetPointer train, DatasetPointer test,
                                            const JsNetworkSpec& network,
                                            const JsTrainingSpec& training) {
  return std::make_unique<Classifier>(std::move(train), std::move(test), to_network_spec(network),
                                      to_training_spec(training), module_pool());
}

std::string_view as_text(const std::vector<std::uint8_t>& utf8) {
  return {reinterpret_cast<const char*>(utf8.data()), utf8.size()};
}

TextPointer text_from_utf8(const JsBytes& bytes) {
  const std::vector<std::uint8_t> utf8 = to_bytes(bytes);
  return std::make_shared<Text>(Text::from_utf8(as_text(utf8)));
}

/// Text crosses as UTF-8.
JsBytes from_utf8(const std::string& utf8) {
  return JsBytes(from_bytes({reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size()}));
}

std::unique_ptr<LanguageModel> make_language_model(TextPointer text, double validation_share,
                                                   const JsNetworkSpec& network,
                                                   const JsTrainingSpec& training) {
  return std::make_unique<LanguageModel>(std::move(text), validation_share,
                                         to_network_spec(network), to_training_spec(training),
                                         module_pool());
}

void language_model_read(LanguageModel& model, const JsBytes& bytes) {
  const std::vector<std::uint8_t> utf8 = to_bytes(bytes);
  model.writer().read(as_text(utf8));
}

JsBytes language_model_write(LanguageModel& model, int count, double temperature, int top_k) {
  constexpr int kMostCharacters = 1'000'000;
  check(count >= 0 && count <= kMostCharacters, "[sampling] expected 0 to ", kMostCharacters,
        " characters to write, got ", count);
  return from_utf8(model.writer().write(count, {temperature, top_k}));
}

JsFloats language_model_probabilities(LanguageModel& model) {
  return JsFloats(from_floats(model.writer().probabilities()));
}

JsTextInspection language_model_inspect(const LanguageModel& model, const JsBytes& bytes,
                                        std::optional<int> target) {
  const std::vector<std::uint8_t> utf8 = to_bytes(bytes);
  return JsTextInspection(from_inspection(model.inspect(as_text(utf8), target)));
}

JsFloats make_noisy_wave(int count, double noise, std::uint32_t seed) {
  return JsFloats(from_floats(noisy_wave(count, noise, seed)));
}

std::unique_ptr<Forecaster> make_forecaster(const JsFloats& series, double validation_share,
                                            const JsNetworkSpec& network,
                                            const JsTrainingSpec& training) {
  return std::make_unique<Forecaster>(to_floats(series), validation_share, to_network_spec(network),
                                      to_training_spec(training), module_pool());
}

JsFloats make_gaussian_mixture(const JsFloats& centres, double spread, int count,
                               std::uint32_t seed) {
  return JsFloats(from_floats(gaussian_mixture(to_floats(centres), spread, count, seed)));
}

std::unique_ptr<Judge> make_judge(const DatasetPointer& reference, const JsNetworkSpec& network,
                                  const JsBytes& weights) {
  return std::make_unique<Judge>(*reference, to_network_spec(network), to_bytes(weights),
                                 module_pool());
}

/// What all models have.
void register_trained_network() {
  using emscripten::optional_override;
  emscripten::class_<TrainedNetwork>("TrainedNetwork")
      .function("info", optional_override([](TrainedNetwork& self) {
                  return JsNetworkInfo(
                      from_network(self.network(), self.memory(), self.batches_per_epoch()));
                }))
      .function("step", optional_override([](TrainedNetwork& self) {
                  return JsStepMetrics(from_step(self.step()));
                }))
      .function("advance_step", optional_override([](TrainedNetwork& self) {
                  const auto metrics = self.advance_step();
                  return JsProgress(metrics ? from_step(*metrics) : emscripten::val::undefined());
                }))
      .function("begin_evaluation", optional_override([](TrainedNetwork& self, std::string split) {
                  self.begin_evaluation(to_split(split));
                }))
      .function("advance_evaluation", &TrainedNetwork::advance_evaluation)
      .function("weights", optional_override([](TrainedNetwork& self, int layer) {
                  const Stage& stage = stage_at(self.network(), layer);
                  return JsTensors(from_parameters(stage, self.network().parameters_of(stage)));
                }))
      .function("gradients", optional_override([](TrainedNetwork& self, int layer) {
                  const Stage& stage = stage_at(self.network(), layer);
                  return JsTensors(from_parameters(stage, self.network().gradients_of(stage)));
                }))
      .function("statistics", optional_override([](TrainedNetwork& self) {
                  return JsStatistics(from_statistics(layer_statistics(self.network())));
                }))
      .function("weights_file", optional_override([](TrainedNetwork& self) {
                  return JsBytes(from_bytes(write_weights(self.network())));
                }))
      .function("checkpoint", optional_override([](const TrainedNetwork& self) {
                  return JsBytes(from_bytes(self.checkpoint()));
                }))
      .function("restore", optional_override([](TrainedNetwork& self, const JsBytes& checkpoint) {
                  self.restore(to_bytes(checkpoint));
                }))
      .function("set_learning_rate", &TrainedNetwork::set_learning_rate)
      .function("learning_rate", &TrainedNetwork::learning_rate);
}

JsEvaluation classifier_evaluation(const Classifier& classifier) {
  check(classifier.evaluation() != nullptr, "[evaluation] none is finished yet");
  return JsEvaluation(from_evaluation(*classifier.evaluation()));
}

JsInspections classifier_inspect(Classifier& classifier, const JsBytes& image, int label) {
  check(label >= -1 && label <= 255, "[inspect] expected a label, or -1 for none, got ", label);
  std::optional<std::uint8_t> known;
  if (label >= 0) known = static_cast<std::uint8_t>(label);
  return JsInspections(from_inspections(classifier.inspect(to_bytes(image), known)));
}

}  // namespace

std::shared_ptr<ThreadPool>& module_pool() {
  static auto pool = std::make_shared<ThreadPool>(1);
  return pool;
}

EMSCRIPTEN_BINDINGS(kernelgarten) {
  using namespace emscripten;

  register_type<JsBytes>("Uint8Array");
  register_type<JsFloats>("Float32Array");
  register_type<JsIntegers>("Int32Array");
  register_type<JsNetworkSpec>("import('./src/spec.js').NetworkSpec");
  register_type<JsTrainingSpec>("import('./src/spec.js').TrainingSpec");
  register_type<JsGanTrainingSpec>("import('./src/spec.js').GanTrainingSpec");
  register_type<JsGanInfo>("import('./src/types.js').GanInfo");
  register_type<JsGanStep>("import('./src/types.js').GanStep");
  register_type<JsGanProgress>("import('./src/types.js').GanStep | undefined");
  register_type<JsNetworkInfo>("import('./src/types.js').NetworkInfo");
  register_type<JsStepMetrics>("import('./src/types.js').StepMetrics");
  register_type<JsProgress>("import('./src/types.js').StepMetrics | undefined");
  register_type<JsEvaluation>("import('./src/types.js').Evaluation");
  register_type<JsTextEvaluation>("import('./src/types.js').TextEvaluation");
  register_type<JsForecastEvaluation>("import('./src/types.js').ForecastEvaluation");
  register_type<JsTensors>("import('./src/types.js').Tensor[]");
  register_type<JsInspections>("import('./src/types.js').LayerInspection[]");
  register_type<JsTextInspection>("Omit<import('./src/types.js').TextInspection, 'characters'>");
  register_type<JsStatistics>("import('./src/types.js').LayerStatistics[]");
  register_type<JsSampleScores>("import('./src/types.js').SampleScores");
  register_type<JsLayerSchema>("{ type: string; fields: string[] }[]");
  register_type<JsNames>("string[]");
  register_optional<int>();

  class_<ImageDataset>("Dataset")
      .smart_ptr<DatasetPointer>("DatasetPointer")
      .class_function("from_idx", &dataset_from_idx)
      .function("count", &ImageDataset::count)
      .function("height", &ImageDataset::height)
      .function("width", &ImageDataset::width)
      .function("channels", &ImageDataset::channels)
      .function("classes", &ImageDataset::classes)
      .function("image", &dataset_image)
      .function("label", &dataset_label)
      .function("split_off", &dataset_split_off);

  register_trained_network();

  class_<Classifier, base<TrainedNetwork>>("Classifier")
      .constructor(&make_classifier)
      .function("evaluation", &classifier_evaluation)
      .function("predictions", optional_override([](const Classifier& self, std::string split) {
                  return JsBytes(from_bytes(self.predictions(to_split(split))));
                }))
      .function("predict", optional_override([](Classifier& self, const JsBytes& images) {
                  return JsFloats(from_floats(self.predict(to_bytes(images))));
                }))
      .function("predict_steps", optional_override([](Classifier& self, const JsBytes& image) {
                  return JsFloats(from_floats(self.predict_steps(to_bytes(image))));
                }))
      .function("inspect", &classifier_inspect);

  class_<Text>("Text")
      .smart_ptr<TextPointer>("TextPointer")
      .class_function("from_utf8", &text_from_utf8)
      .function("count", optional_override([](const Text& self) {
                  return static_cast<int>(self.symbols().size());
                }))
      .function("vocabulary", optional_override([](const Text& self) {
                  return from_utf8(encode_utf8(self.vocabulary().characters()));
                }));

  class_<LanguageModel, base<TrainedNetwork>>("LanguageModel")
      .constructor(&make_language_model)
      .function("evaluation", optional_override([](const LanguageModel& self) {
                  return JsTextEvaluation(from_evaluation(self.evaluation()));
                }))
      .function("forget", optional_override([](LanguageModel& self, std::uint32_t seed) {
                  self.writer().forget(seed);
                }))
      .function("read", &language_model_read)
      .function("write", &language_model_write)
      .function("probabilities", &language_model_probabilities)
      .function("inspect", &language_model_inspect);

  class_<Forecaster, base<TrainedNetwork>>("Forecaster")
      .constructor(&make_forecaster)
      .function("evaluation", optional_override([](const Forecaster& self) {
                  return JsForecastEvaluation(from_evaluation(self.evaluation()));
                }))
      .function("foresee", optional_override([](Forecaster& self, const JsFloats& values) {
                  return JsFloats(from_floats(self.foresee(to_floats(values))));
                }))
      .function("forecast",
                optional_override([](Forecaster& self, const JsFloats& history, int count) {
                  return JsFloats(from_floats(self.forecast(to_floats(history), count)));
                }))
      .function("inspect", optional_override([](Forecaster& self, const JsFloats& values) {
                  return JsInspections(from_inspections(self.inspect(to_floats(values))));
                }));

  register_gan();
  class_<Judge>("Judge")
      .constructor(&make_judge)
      .function("begin", optional_override([](Judge& self, const JsFloats& images) {
                  self.begin(to_floats(images));
                }))
      .function("advance", &Judge::advance)
      .function("scores", optional_override([](const Judge& self) {
                  return JsSampleScores(from_sample_scores(self.scores()));
                }))
      .function("probabilities", optional_override([](const Judge& self) {
                  return JsFloats(from_floats(self.probabilities()));
                }));

  function("noisy_wave", &make_noisy_wave);
  function("gaussian_mixture", &make_gaussian_mixture);
  function("set_thread_count", &set_thread_count);
  function("thread_count", &thread_count);
  function("layer_schema", optional_override([] { return JsLayerSchema(layer_schema()); }));
  function("memory_bytes", &emscripten_get_heap_size);

  value_object<ConvShape>("ConvShape")
      .field("batch", &ConvShape::batch)
      .field("size", &ConvShape::size)
      .field("kernel", &ConvShape::kernel)
      .field("stride", &ConvShape::stride)
      .field("inChannels", &ConvShape::in_channels)
      .field("outChannels", &ConvShape::out_channels);
  function("measure_peak_gflops", &measure_peak_gflops);
  function("gemm_gflops", &gemm_gflops);
  function("conv_methods", optional_override([](const ConvShape& shape) {
             return JsNames(val::array(conv_methods(shape)));
           }));
  function("conv_gflops", &conv_gflops);
  function("conv_transpose_gflops", &conv_transpose_gflops);
  function("adam_rate", &adam_rate);
}

}  // namespace kernelgarten::bindings
