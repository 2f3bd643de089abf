// The article's network, ten steps through the classifier, against PyTorch.

#include "engine/train/classifier.hpp"
#include "tests/engine/golden/golden_images.hpp"
#include "tests/engine/values.hpp"
#include "tests/golden/article_cnn.hpp"

namespace kernelgarten::test {
namespace {

/// Winograd's convolution rounds to some 5e-6 of the largest number. Adam divides each gradient by
/// its own size, so that in ten steps the small ones carry that into the parameters.
constexpr double kNormTolerance = 1e-3, kParameterTolerance = 1e-4;

NetworkSpec article_network() {
  return {{28, 28, 1},
          {Conv2dSpec{.filters = 32}, ReluSpec{}, MaxPool2dSpec{}, Conv2dSpec{.filters = 64},
           ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{.units = 10}},
          1};
}

Floats bias_of(Network& network, std::size_t stage, std::size_t count) {
  const auto parameters = network.parameters_of(network.stages()[stage]);
  return {parameters.end() - static_cast<Index>(count), parameters.end()};
}

}  // namespace

TEST_CASE("golden: ten steps of the article's network") {
  const auto data = golden_images().shared();
  Classifier classifier(data, data, article_network(), {.batch_size = kGoldenImages});
  set_golden_parameters(classifier.network(), {0.5f, 0.1f, 0.1f, 0.1f, 0.03f, 0.1f});
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
