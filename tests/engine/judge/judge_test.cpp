#include "engine/judge/judge.hpp"

#include "engine/network/weights_file.hpp"
#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/threads.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Approx;
using doctest::Contains;
using Data = std::shared_ptr<const ImageDataset>;

constexpr Index kPixels = 100;

/// Tells bar_images apart by sixteen features.
NetworkSpec judge_network() {
  return {{10, 10, 1},
          {Conv2dSpec{.filters = 4}, ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{16},
           ReluSpec{}, DropoutSpec{0.1}, DenseSpec{10}},
          1};
}

Classifier make_classifier(const Data& data) {
  return Classifier(data, data, judge_network(), training_of(25));
}

const Bytes& trained_weights() {
  static const Bytes weights = [] {
    Classifier classifier = make_classifier(bar_images(100).shared());
    for (int i = 0; i < 100; ++i) classifier.step();
    return write_weights(classifier.network());
  }();
  return weights;
}

Judge make_judge(const Data& reference, int threads = 1) {
  return Judge(*reference, judge_network(), trained_weights(),
               std::make_shared<ThreadPool>(threads));
}

/// All images of a data set as a generator would put them out.
Floats pixels_of(const ImageDataset& data) {
  Floats pixels(static_cast<std::size_t>(data.count() * kPixels));
  for (Index i = 0; i < data.count(); ++i) {
    normalize_pixels(pixels.data() + i * kPixels, data.image(i));
  }
  return pixels;
}

Doubles numbers_of(const SampleScores& scores) {
  Doubles numbers{double(scores.count), scores.confidence, scores.inception_score,
                  scores.frechet_distance};
  numbers.insert(numbers.end(), scores.shares.begin(), scores.shares.end());
  return numbers;
}

template <class Error>
doctest::String refusal(Judge& judge, const Floats& images) {
  return message_of<Error>([&] { judge.begin(images); });
}

doctest::String construction_refusal(const Data& reference, const NetworkSpec& network) {
  Network other(network);
  const Bytes weights = write_weights(other);
  return message_of<InvalidArgument>([&] { Judge(*reference, network, weights); });
}

}  // namespace

TEST_CASE("judge: real images look real, noise and repetition do not") {
  const Data reference = bar_images(200).shared();
  Judge judge = make_judge(reference);
  const SampleScores itself = judge.judge(pixels_of(*reference));
  CHECK(itself.count == 200);
  CHECK(itself.frechet_distance < 1e-6);
  const SampleScores real = judge.judge(pixels_of(*bar_images(200, 10, 2).shared()));
  CHECK(real.confidence > 0.95);
  CHECK(real.inception_score > 9.0);
  for (const double share : real.shares) CHECK(share == Approx(0.1).epsilon(0.2));
  const SampleScores noise = judge.judge(random_values(200 * kPixels, 3, 0.0f, 1.0f));
  CHECK(noise.inception_score < real.inception_score);
  CHECK(noise.frechet_distance > 5.0 * real.frechet_distance);

  Floats repeated;
  const Floats pixels = pixels_of(*reference);
  for (int i = 0; i < 50; ++i)
    repeated.insert(repeated.end(), pixels.begin(), pixels.begin() + 100);
  const SampleScores collapsed = judge.judge(repeated);
  CHECK(collapsed.inception_score == Approx(1.0));
  CHECK(collapsed.shares[0] == 1.0);
}

TEST_CASE("judge: probabilities are those of the classifier whose weights it has") {
  const Data data = bar_images(150).shared();
  Classifier classifier = make_classifier(data);
  classifier.step();
  Judge judge(*data, judge_network(), write_weights(classifier.network()));
  judge.judge(pixels_of(*data));
  Bytes images;
  for (Index i = 0; i < data->count(); ++i) {
    images.insert(images.end(), data->image(i).begin(), data->image(i).end());
  }
  CHECK(judge.probabilities() == classifier.predict(images));
}

TEST_CASE("judge: scores are those of the probabilities and of what the last layer reads") {
  const Data reference = bar_images(60).shared(), other = bar_images(30, 10, 7).shared();
  Judge judge = make_judge(reference);
  const SampleScores scores = judge.judge(pixels_of(*other));
  CHECK(scores.confidence == mean_confidence(judge.probabilities(), 10));
  CHECK(scores.shares == class_shares(judge.probabilities(), 10));
  CHECK(scores.inception_score == inception_score(judge.probabilities(), 10));

  Network network(judge_network());
  read_weights(network, trained_weights());
  SingleExample example(network, Keep::kEverything);
  const auto features_of = [&](const ImageDataset& data) {
    Floats features;
    for (Index i = 0; i < data.count(); ++i) {
      normalize_pixels(example.input().data(), data.image(i));
      example.forward();
      const auto row = example.activation(network.stages().size() - 2);
      features.insert(features.end(), row.begin(), row.end());
    }
    return fit_gaussian(features, 16);
  };
  CHECK(scores.frechet_distance ==
        Approx(frechet_distance(features_of(*reference), features_of(*other))).epsilon(1e-4));
}

TEST_CASE("judge: the same bits with any number of threads") {
  // Neither a multiple of the chunk of 128 nor of several chunks.
  const Data reference = bar_images(301).shared();
  const Floats images = pixels_of(*bar_images(517, 10, 5).shared());
  Judge alone = make_judge(reference);
  const Doubles expected = numbers_of(alone.judge(images));
  for (const int threads : kThreadCounts) {
    Judge judge = make_judge(reference, threads);
    CHECK(numbers_of(judge.judge(images)) == expected);
    CHECK(judge.probabilities() == alone.probabilities());
  }
}

TEST_CASE("judge: goes chunk by chunk") {
  Judge judge = make_judge(bar_images(300).shared());
  judge.begin(pixels_of(*bar_images(140).shared()));
  // Chunks of 128.
  CHECK_FALSE(judge.advance());
  CHECK(judge.advance());
}

TEST_CASE("judge: what was begun is given up for what is begun next") {
  const Data reference = bar_images(200).shared();
  const Floats first = pixels_of(*bar_images(300).shared());
  const Floats second = random_values(20 * kPixels, 4, 0.0f, 1.0f);
  Judge undisturbed = make_judge(reference), judge = make_judge(reference);
  const Doubles expected = numbers_of(undisturbed.judge(second));
  CHECK(numbers_of(judge.judge(second)) == expected);
  judge.begin(first);
  judge.advance();
  CHECK(numbers_of(judge.scores()) == expected);
  CHECK(numbers_of(judge.judge(second)) == expected);
}

TEST_CASE("judge: images that cannot be judged are refused, and what was begun goes on") {
  Judge judge = make_judge(bar_images(20).shared());
  CHECK(message_of<InvalidArgument>([&] { judge.scores(); }) ==
        Contains("[judge] no images have been judged yet"));
  CHECK(judge.probabilities().empty());
  CHECK(message_of<InvalidArgument>([&] { judge.advance(); }) == Contains("[judge] no images"));

  const Floats good = filled(2 * kPixels, 0.5f);
  judge.begin(good);
  for (const Index size : {Index{0}, Index{1}, kPixels, 2 * kPixels - 1, 2 * kPixels + 1}) {
    CHECK(refusal<InvalidArgument>(judge, filled(size, 0.5f)) ==
          Contains("[judge] expected 2 or more images of 100 pixels each, got "));
  }
  for (const float odd : {kNaN, kInfinity, -kInfinity}) {
    Floats images = good;
    images[kPixels + 7] = odd;
    CHECK(refusal<InvalidData>(judge, images) == Contains("at position 107"));
  }
  while (!judge.advance()) {
  }
  CHECK(judge.scores().count == 2);
  CHECK_THROWS_AS(judge.advance(), InvalidArgument);
}

TEST_CASE("judge: network, weights and reference have to fit") {
  const Data reference = bar_images(20).shared();
  CHECK(construction_refusal(bar_images(1).shared(), judge_network()) ==
        Contains("[judge] expected at least 2 images to compare with, got 1"));
  CHECK(construction_refusal(bar_images(20, 12).shared(), judge_network()) ==
        Contains("[input] the network expects 10 x 10 x 1, the images to compare with are 12"));
  CHECK(construction_refusal(reference, {{10, 10, 1}, {FlattenSpec{}, DenseSpec{9}}, 1}) ==
        Contains("[dense_1] expected 10 outputs, one for each class, got 9"));
  CHECK(construction_refusal(reference,
                             {{10, 10, 1}, {FlattenSpec{}, DenseSpec{10}, SoftmaxSpec{}}, 1}) ==
        Contains("[softmax_1] expected a dense layer"));
  NetworkSpec wider = judge_network();
  wider.layers[4] = DenseSpec{7};
  CHECK(message_of<InvalidArgument>([&] { Judge(*reference, wider, trained_weights()); }) ==
        Contains("[dense_1.weight] expected F32 (100 x 7)"));
  const Bytes cut(trained_weights().begin(), trained_weights().end() - 1);
  CHECK_THROWS_AS(Judge(*reference, judge_network(), cut), InvalidData);
}

}  // namespace kernelgarten::test
