#include "tests/engine/train/gan_setups.hpp"

namespace kernelgarten::test {
namespace {

using Labels = std::vector<std::int32_t>;

/// A third class that no real example has: what its output learns comes from fakes alone.
class ThreeClasses : public TwoClasses {
 public:
  Index classes() const override { return 3; }
};

}  // namespace

TEST_CASE("gan conditional: the generator learns which class to make") {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    GanTrainingSpec training = class_training();
    training.seed = seed;
    Gan gan = class_gan(training);
    play(gan, 400);
    constexpr std::size_t kSamples = 100;
    const Floats noise = gan.fixed_noise(kSamples);
    for (const std::int32_t label : {0, 1}) {
      CAPTURE(label);
      const Floats samples = gan.inference().generate(noise, Labels(kSamples, label));
      std::size_t right = 0;
      for (std::size_t i = 0; i < kSamples; ++i) {
        const bool first = samples[2 * i] < 0.0f && samples[2 * i + 1] > 0.0f;
        const bool second = samples[2 * i] > 0.0f && samples[2 * i + 1] < 0.0f;
        right += (label == 0 ? first : second) ? 1 : 0;
      }
      CHECK(right >= 90);
    }
  }
}

TEST_CASE("gan conditional: both classes are drawn, one-hot behind the noise") {
  Latents latents(1000, 2, 3);
  latents.draw(1000, 1, 5);
  std::array<int, 3> counts{};
  for (Index i = 0; i < 1000; ++i) {
    const std::int32_t label = latents.label(i);
    REQUIRE(label >= 0);
    REQUIRE(label < 3);
    ++counts[static_cast<std::size_t>(label)];
    Floats one_hot(3, 0.0f);
    one_hot[static_cast<std::size_t>(label)] = 1.0f;
    CHECK(Floats(latents.row(i) + 2, latents.row(i) + 5) == one_hot);
  }
  for (const int count : counts) CHECK(count > 250);
}

TEST_CASE("gan conditional: only the output of an example's class has a gradient") {
  GanTrainingSpec training = class_training();
  training.batch_size = 40;
  training.loss = AdversarialLoss::kLeastSquares;
  training.discriminator = {.type = OptimizerType::kSgd, .learning_rate = 1.0};
  Gan gan(std::make_shared<ThreeClasses>(), {{5}, {DenseSpec{2}, TanhSpec{}}, 1},
          {{2}, {DenseSpec{3}}, 1}, training);
  // Every output is 2 whatever the example: each adds 2 - 1 or 2 - 0 to its class, over the batch.
  const auto parameters = gan.discriminator().parameters();
  std::ranges::copy(Floats{0, 0, 0, 0, 0, 0, 2, 2, 2}, parameters.begin());
  gan.step(Players::kDiscriminator);
  Latents latents(40, 2, 3);
  latents.draw(40, 1, 1);
  std::array<double, 3> expected{20.0 / 40.0, 20.0 / 40.0, 0.0};
  for (Index i = 0; i < 40; ++i) expected[static_cast<std::size_t>(latents.label(i))] += 2.0 / 40.0;
  for (std::size_t c = 0; c < 3; ++c) {
    CAPTURE(c);
    CHECK(2.0 - static_cast<double>(parameters[6 + c]) == doctest::Approx(expected[c]));
  }
}

}  // namespace kernelgarten::test
