#include "bindings/gan_bindings.hpp"

#include "bindings/convert.hpp"
#include "bindings/js_types.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {
namespace {

std::unique_ptr<Gan> make_gan(std::shared_ptr<const RealExamples> real,
                              const JsNetworkSpec& generator, const JsNetworkSpec& discriminator,
                              const JsGanTrainingSpec& training) {
  return std::make_unique<Gan>(std::move(real), to_network_spec(generator, "generator."),
                               to_network_spec(discriminator, "discriminator."),
                               to_gan_training_spec(training), module_pool());
}

std::unique_ptr<Gan> make_image_gan(DatasetPointer images, const JsNetworkSpec& generator,
                                    const JsNetworkSpec& discriminator,
                                    const JsGanTrainingSpec& training) {
  return make_gan(std::make_shared<RealImages>(std::move(images)), generator, discriminator,
                  training);
}

std::unique_ptr<Gan> make_point_gan(const JsFloats& points, const JsNetworkSpec& generator,
                                    const JsNetworkSpec& discriminator,
                                    const JsGanTrainingSpec& training) {
  return make_gan(std::make_shared<RealPoints>(to_floats(points)), generator, discriminator,
                  training);
}

/// "generator" or "discriminator".
bool is_generator(const std::string& player) {
  check(player == "generator" || player == "discriminator",
        "[player] expected generator or discriminator, got '", player, "'");
  return player == "generator";
}

Network& network_of(Gan& gan, const std::string& player) {
  return is_generator(player) ? gan.generator() : gan.discriminator();
}

Optimizer& optimizer_of(Gan& gan, const std::string& player) {
  return is_generator(player) ? gan.generator_optimizer() : gan.discriminator_optimizer();
}

/// Functions of numbers for examples, and their labels, as the inference of a GAN has them.
template <std::vector<float> (GanInference::*ask)(std::span<const float>,
                                                  std::span<const std::int32_t>)>
JsFloats ask_gan(Gan& gan, const JsFloats& numbers, const JsIntegers& labels) {
  return JsFloats(from_floats((gan.inference().*ask)(to_floats(numbers), to_integers(labels))));
}

}  // namespace

void register_gan() {
  using emscripten::optional_override;
  emscripten::class_<Gan>("Gan")
      .class_function("of_images", &make_image_gan)
      .class_function("of_points", &make_point_gan)
      .function("info", optional_override([](Gan& self) { return JsGanInfo(from_gan(self)); }))
      .function("step", optional_override([](Gan& self, std::string players) {
                  return JsGanStep(from_step(self.step(to_players(players))));
                }))
      .function(
          "advance_step", optional_override([](Gan& self, std::string players) {
            const auto metrics = self.advance_step(to_players(players));
            return JsGanProgress(metrics ? from_step(*metrics) : emscripten::val::undefined());
          }))
      .function("fixed_noise", optional_override([](const Gan& self, int count) {
                  return JsFloats(from_floats(self.fixed_noise(count)));
                }))
      .function("generate", &ask_gan<&GanInference::generate>)
      .function("discriminate", &ask_gan<&GanInference::discriminate>)
      .function("example_gradients", &ask_gan<&GanInference::example_gradients>)
      .function("weights", optional_override([](Gan& self, std::string player, int layer) {
                  Network& network = network_of(self, player);
                  const Stage& stage = stage_at(network, layer);
                  return JsTensors(from_parameters(stage, network.parameters_of(stage)));
                }))
      .function("statistics", optional_override([](Gan& self, std::string player) {
                  return JsStatistics(from_statistics(layer_statistics(network_of(self, player))));
                }))
      .function("checkpoint", optional_override([](const Gan& self) {
                  return JsBytes(from_bytes(self.checkpoint()));
                }))
      .function("restore", optional_override([](Gan& self, const JsBytes& checkpoint) {
                  self.restore(to_bytes(checkpoint));
                }))
      .function("set_learning_rate",
                optional_override([](Gan& self, std::string player, double rate) {
                  optimizer_of(self, player).set_learning_rate(rate);
                }))
      .function("learning_rate", optional_override([](Gan& self, std::string player) {
                  return optimizer_of(self, player).learning_rate();
                }));
}

}  // namespace kernelgarten::bindings
