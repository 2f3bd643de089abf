// A small convolutional GAN, ten rounds with each loss, against PyTorch.

#include "engine/train/gan.hpp"
#include "tests/engine/golden/golden_images.hpp"
#include "tests/golden/gan.hpp"

namespace kernelgarten::test {
namespace {

constexpr std::size_t kRounds = 10, kNumbersOfRound = 6;
/// A few rounds of Adam carry rounding into the biases that running means follow.
constexpr double kStatisticsTolerance = 1e-4;

NetworkSpec golden_generator() {
  return {{8},
          {DenseSpec{.units = 196}, ReshapeSpec{{7, 7, 4}}, BatchNormSpec{}, LeakyReluSpec{0.2},
           ConvTranspose2dSpec{.filters = 4}, BatchNormSpec{}, LeakyReluSpec{0.2},
           ConvTranspose2dSpec{.filters = 1}, TanhSpec{}},
          1};
}

NetworkSpec golden_discriminator(bool normalise) {
  NetworkSpec network{{28, 28, 1},
                      {Conv2dSpec{.filters = 4, .kernel = 4, .stride = 2}, LeakyReluSpec{0.2},
                       Conv2dSpec{.filters = 8, .kernel = 4, .stride = 2}, LeakyReluSpec{0.2},
                       FlattenSpec{}, DenseSpec{.units = 1}},
                      1};
  if (normalise) network.layers.insert(network.layers.begin() + 3, BatchNormSpec{});
  return network;
}

GanTrainingSpec golden_training(AdversarialLoss loss, double real_label, bool simultaneous) {
  // Adam divides each gradient by its own size: its epsilon keeps out those that are zero but for
  // rounding, of biases in front of batch normalisation.
  const OptimizerSpec adam{.learning_rate = 2e-3, .beta1 = 0.5, .epsilon = 1e-4};
  GanTrainingSpec training;
  training.batch_size = kGoldenImages;
  training.loss = loss;
  training.real_label = real_label;
  training.simultaneous = simultaneous;
  training.generator = training.discriminator = adam;
  return training;
}

struct GoldenGan : Gan {
  explicit GoldenGan(AdversarialLoss loss, double real_label = 1.0, bool simultaneous = false)
      : Gan(std::make_shared<RealImages>(golden_images().shared()), golden_generator(),
            golden_discriminator(!simultaneous), golden_training(loss, real_label, simultaneous)) {
    set_golden_parameters(generator(),
                          {0.5f, 0.1f, 1.0f, 0.1f, 0.3f, 0.1f, 1.0f, 0.1f, 0.3f, 0.1f});
    Floats scales{0.3f, 0.1f, 0.2f, 0.1f, 0.05f, 0.1f};
    if (!simultaneous) scales.insert(scales.begin() + 4, {1.0f, 0.1f});
    set_golden_parameters(discriminator(), scales);
  }
};

template <std::size_t N>
void check_statistics(Network& network, const double (&expected)[N]) {
  check_close(Floats(network.state().begin(), network.state().end()),
              Doubles(std::begin(expected), std::end(expected)), kStatisticsTolerance);
}

template <std::size_t G>
void check_rounds(GoldenGan& gan, const double (&rounds)[kRounds * kNumbersOfRound],
                  const double (&generator_statistics)[G]) {
  for (std::size_t round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    const double* expected = rounds + round * kNumbersOfRound;
    const GanStep step = gan.step();
    check_close(
        {step.discriminator_loss, step.generator_loss, step.real_verdict, step.fake_verdict},
        Doubles(expected, expected + 4), 2e-5);
    CHECK(step.discriminator_gradient_norm == doctest::Approx(expected[4]).epsilon(2e-4));
    CHECK(step.generator_gradient_norm == doctest::Approx(expected[5]).epsilon(2e-4));
  }
  check_statistics(gan.generator(), generator_statistics);
}

template <std::size_t G, std::size_t D>
void check_rounds(GoldenGan&& gan, const double (&rounds)[kRounds * kNumbersOfRound],
                  const double (&generator_statistics)[G],
                  const double (&discriminator_statistics)[D]) {
  check_rounds(gan, rounds, generator_statistics);
  check_statistics(gan.discriminator(), discriminator_statistics);
}

}  // namespace

TEST_CASE("golden: ten rounds of a GAN with the minimax loss") {
  check_rounds(GoldenGan(AdversarialLoss::kMinimax), golden::gan_minimax_rounds,
               golden::gan_minimax_generator_statistics,
               golden::gan_minimax_discriminator_statistics);
}

TEST_CASE("golden: ten rounds of a GAN with the non-saturating loss") {
  check_rounds(GoldenGan(AdversarialLoss::kNonSaturating), golden::gan_non_saturating_rounds,
               golden::gan_non_saturating_generator_statistics,
               golden::gan_non_saturating_discriminator_statistics);
}

TEST_CASE("golden: ten rounds of a GAN whose real examples have the label 0.9") {
  check_rounds(GoldenGan(AdversarialLoss::kNonSaturating, 0.9), golden::gan_real_label_rounds,
               golden::gan_real_label_generator_statistics,
               golden::gan_real_label_discriminator_statistics);
}

TEST_CASE("golden: ten rounds of a GAN with least squares") {
  check_rounds(GoldenGan(AdversarialLoss::kLeastSquares), golden::gan_least_squares_rounds,
               golden::gan_least_squares_generator_statistics,
               golden::gan_least_squares_discriminator_statistics);
}

TEST_CASE("golden: ten rounds of a GAN with the hinge loss") {
  check_rounds(GoldenGan(AdversarialLoss::kHinge), golden::gan_hinge_rounds,
               golden::gan_hinge_generator_statistics, golden::gan_hinge_discriminator_statistics);
}

TEST_CASE("golden: ten rounds of a GAN whose players learn from the same pass") {
  GoldenGan minimax(AdversarialLoss::kMinimax, 1.0, true);
  check_rounds(minimax, golden::gan_minimax_at_once_rounds,
               golden::gan_minimax_at_once_generator_statistics);
  GoldenGan non_saturating(AdversarialLoss::kNonSaturating, 1.0, true);
  check_rounds(non_saturating, golden::gan_non_saturating_at_once_rounds,
               golden::gan_non_saturating_at_once_generator_statistics);
}

TEST_CASE("golden: fixed noise of a GAN") {
  check_close(GoldenGan(AdversarialLoss::kHinge).fixed_noise(2),
              Doubles(std::begin(golden::gan_fixed_noise), std::end(golden::gan_fixed_noise)),
              2e-7);
}

}  // namespace kernelgarten::test
