#include "engine/train/evaluator.hpp"

#include <numeric>

#include "engine/tensor/check.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

/// Images of ten pixels, of which the one at the place of the intended prediction is lit.
LabelledImages lit_pixels(const Bytes& labels, const Bytes& predictions) {
  LabelledImages images{static_cast<std::uint32_t>(labels.size()), 1, 10, {}, labels};
  images.pixels.resize(labels.size() * 10);
  for (std::size_t i = 0; i < labels.size(); ++i) images.pixels[i * 10 + predictions[i]] = 255;
  return images;
}

/// Its output is its input, ten times stronger: it predicts the lit pixel.
void make_identity(Network& network) {
  std::ranges::fill(network.parameters(), 0.0f);
  for (std::size_t i = 0; i < 10; ++i) network.parameters()[i * 11] = 10.0f;
}

const NetworkSpec kLinear{{1, 10, 1}, {FlattenSpec{}, DenseSpec{10}}, 1};
const Bytes kLabels{0, 1, 1, 2, 2, 2, 9};
const Bytes kPredictions{0, 1, 7, 2, 2, 0, 9};

}  // namespace

TEST_CASE("evaluator: loss, accuracy and confusions by hand, in batches that do not divide") {
  const auto train = lit_pixels(kLabels, kLabels).shared();
  const auto test = lit_pixels(kLabels, kPredictions).shared();
  for (const Index batch_size : {1, 3, 7}) {
    Classifier classifier(train, test, kLinear, training_of(batch_size));
    make_identity(classifier.network());
    CHECK(classifier.evaluation() == nullptr);
    CHECK(classifier.predictions(Split::kTest).empty());

    const Evaluation& evaluation = classifier.evaluate(Split::kTest);
    CHECK(evaluation.split == Split::kTest);
    CHECK(evaluation.count == 7);
    CHECK(evaluation.accuracy == doctest::Approx(5.0 / 7.0));
    // log(e^10 + 9) - 10 where right, ten more where wrong.
    const double right = std::log(std::exp(10.0) + 9.0) - 10.0;
    CHECK(evaluation.loss == doctest::Approx(right + 20.0 / 7.0));
    std::vector<std::uint32_t> confusion(100);
    for (std::size_t i = 0; i < 7; ++i) ++confusion[kLabels[i] * 10u + kPredictions[i]];
    CHECK(evaluation.confusion == confusion);
    CHECK(classifier.predictions(Split::kTest) == kPredictions);
    CHECK(classifier.predictions(Split::kTrain).empty());
    CHECK(classifier.evaluate(Split::kTrain).accuracy == 1.0);
    CHECK(classifier.predictions(Split::kTrain) == kLabels);
    CHECK(classifier.predictions(Split::kTest) == kPredictions);
  }
}

TEST_CASE("evaluator: advances one batch at a call") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(8));
  CHECK_THROWS_AS(classifier.advance_evaluation(), InvalidArgument);
  classifier.step();
  classifier.begin_evaluation(Split::kTest);
  CHECK_FALSE(classifier.advance_evaluation());
  CHECK(classifier.evaluation() == nullptr);
  CHECK_FALSE(classifier.advance_evaluation());
  CHECK(classifier.advance_evaluation());
  REQUIRE(classifier.evaluation() != nullptr);
  CHECK(classifier.evaluation()->step == 1);
  const auto& confusion = classifier.evaluation()->confusion;
  CHECK(std::accumulate(confusion.begin(), confusion.end(), 0u) == 20);
}

TEST_CASE("evaluator: a new beginning starts from zero") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, small_cnn(), training_of(8));
  classifier.begin_evaluation(Split::kTest);
  classifier.advance_evaluation();
  const Evaluation& evaluation = classifier.evaluate(Split::kTest);
  CHECK(evaluation.count == 20);
}

TEST_CASE("evaluator: uses the statistics of inference, whatever the batch") {
  const auto data = bar_images(30).shared();
  NetworkSpec spec = small_cnn();
  spec.layers.insert(spec.layers.begin() + 1, BatchNormSpec{});
  Classifier whole(data, data, spec, training_of(30)), single(data, data, spec, training_of(1));
  const double loss = whole.evaluate(Split::kTest).loss;
  CHECK(single.evaluate(Split::kTest).loss == doctest::Approx(loss).epsilon(1e-5));
}

}  // namespace kernelgarten::test
