// Recurrent networks that read images row by row, ten steps through the classifier, against
// PyTorch.

#include "engine/train/classifier.hpp"
#include "tests/engine/golden/golden_images.hpp"
#include "tests/golden/recurrent.hpp"

namespace kernelgarten::test {
namespace {

/// The layer under test on 28 rows of 28 pixels, and the ten classes from its last output.
void check_ten_steps(LayerSpec layer, const double (&losses)[10], const double (&norms)[10],
                     const Floats& scales) {
  const auto data = golden_images().shared();
  const NetworkSpec network{{28, 28}, {std::move(layer), DenseSpec{.units = 10}}, 1};
  Classifier classifier(data, data, network, {.batch_size = kGoldenImages});
  set_golden_parameters(classifier.network(), scales);
  for (std::size_t step = 0; step < 10; ++step) {
    CAPTURE(step);
    const StepMetrics metrics = classifier.step();
    CHECK(static_cast<double>(metrics.loss) == doctest::Approx(losses[step]).epsilon(2e-5));
    CHECK(metrics.gradient_norm == doctest::Approx(norms[step]).epsilon(1e-3));
  }
}

}  // namespace

TEST_CASE("golden: ten steps of a simple_rnn, an lstm and a gru") {
  const Floats scales{0.2f, 0.2f, 0.1f, 0.3f, 0.1f};
  check_ten_steps(SimpleRnnSpec{{.units = 20}}, golden::simple_rnn_losses, golden::simple_rnn_norms,
                  scales);
  check_ten_steps(SimpleRnnSpec{{.units = 20}, RecurrentActivation::kRelu},
                  golden::simple_rnn_relu_losses, golden::simple_rnn_relu_norms, scales);
  check_ten_steps(LstmSpec{{.units = 20}}, golden::lstm_losses, golden::lstm_norms, scales);
  check_ten_steps(GruSpec{{.units = 20}}, golden::gru_losses, golden::gru_norms,
                  {0.2f, 0.2f, 0.1f, 0.1f, 0.3f, 0.1f});
}

}  // namespace kernelgarten::test
