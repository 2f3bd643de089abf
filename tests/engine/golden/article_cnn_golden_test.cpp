// The article's network, ten steps through the classifier, against PyTorch.

#include "engine/train/classifier.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/article_cnn.hpp"
#include "tests/golden/formula.hpp"

namespace kernelgarten::test {
namespace {

constexpr std::uint32_t kCount = 16, kSide = 28;

/// Winograd's convolution rounds to some 5e-6 of the largest number. Adam divides each gradient by
/// its own size, so that in ten steps the small ones carry that into the parameters.
constexpr double kNormTolerance = 1e-3, kParameterTolerance = 1e-4;

/// A bright bar at a height that depends on the label, over noise.
LabelledImages golden_images() {
  LabelledImages images{kCount, kSide, kSide, {}, {}};
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const std::uint32_t label = i % 10;
    images.labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t pixel = 0; pixel < kSide * kSide; ++pixel) {
      const float noise = (golden::value(50, i * kSide * kSide + pixel) + 1.0f) * 128.0f;
      const bool bar = pixel / kSide / 2 == label + 2;
      images.pixels.push_back(bar ? 255 : static_cast<std::uint8_t>(static_cast<int>(noise) / 2));
    }
  }
  return images;
}

NetworkSpec article_network() {
  return {{28, 28, 1},
          {Conv2dSpec{.filters = 32}, ReluSpec{}, MaxPool2dSpec{}, Conv2dSpec{.filters = 64},
           ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{.units = 10}},
          1};
}

void set_parameters(Network& network) {
  constexpr float kScales[] = {0.5f, 0.1f, 0.1f, 0.1f, 0.03f, 0.1f};
  std::uint32_t tensor = 0;
  float* to = network.parameters().data();
  for (const Stage& stage : network.stages()) {
    for (const Parameter& parameter : stage.parameters) {
      const auto count = static_cast<std::size_t>(element_count(parameter.shape));
      const Floats numbers = golden::values(60 + tensor, count, kScales[tensor]);
      to = std::copy(numbers.begin(), numbers.end(), to);
      ++tensor;
    }
  }
}

Floats bias_of(Network& network, std::size_t stage, std::size_t count) {
  const auto parameters = network.parameters_of(network.stages()[stage]);
  return {parameters.end() - static_cast<Index>(count), parameters.end()};
}

}  // namespace

TEST_CASE("golden: ten steps of the article's network") {
  const auto data = golden_images().shared();
  Classifier classifier(data, data, article_network(), {.batch_size = kCount});
  set_parameters(classifier.network());
  for (std::size_t step = 0; step < 10; ++step) {
    CAPTURE(step);
    const StepMetrics metrics = classifier.step();
    CHECK(static_cast<double>(metrics.loss) ==
          doctest::Approx(golden::article_cnn_losses[step]).epsilon(2e-5));
    CHECK(metrics.gradient_norm ==
          doctest::Approx(golden::article_cnn_gradient_norms[step]).epsilon(kNormTolerance));
  }
  check_close(
      bias_of(classifier.network(), 0, 32),
      Doubles(std::begin(golden::article_cnn_biases_1), std::end(golden::article_cnn_biases_1)),
      kParameterTolerance);
  check_close(
      bias_of(classifier.network(), 7, 10),
      Doubles(std::begin(golden::article_cnn_biases_3), std::end(golden::article_cnn_biases_3)),
      kParameterTolerance);
}

}  // namespace kernelgarten::test
