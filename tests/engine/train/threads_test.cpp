// The same bits for any number of threads: everything a classifier gives out.

#include "tests/engine/threads.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

constexpr std::uint32_t kSide = 28;

NetworkSpec article_network() {
  return {{28, 28, 1},
          {Conv2dSpec{.filters = 32}, ReluSpec{}, MaxPool2dSpec{}, Conv2dSpec{.filters = 64},
           ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{10}},
          1};
}

/// Layers that mix examples and layers that draw random numbers, in every kind of section.
NetworkSpec normalised_network() {
  return {{28, 28, 1},
          {DropoutSpec{0.1}, Conv2dSpec{.filters = 16}, BatchNormSpec{}, ReluSpec{},
           MaxPool2dSpec{}, DropoutSpec{0.2}, Conv2dSpec{.filters = 16}, BatchNormSpec{},
           ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DropoutSpec{0.3}, DenseSpec{10}},
          1};
}

NetworkSpec dense_network() {
  return {{28, 28, 1}, {FlattenSpec{}, DenseSpec{256}, TanhSpec{}, DenseSpec{10}}, 1};
}

/// Two layers that read the rows of an image, one of them from both ends.
NetworkSpec recurrent_network() {
  return {{28, 28},
          {GruSpec{{.units = 24, .return_sequences = true, .bidirectional = true}},
           DropoutSpec{0.2}, LstmSpec{{.units = 40}}, DenseSpec{10}},
          1};
}

/// Everything that comes out of a run, in one row.
class Trace {
 public:
  Trace(const NetworkSpec& network, const TrainingSpec& training, std::uint32_t examples, int steps,
        int threads) {
    const auto data = bar_images(examples, kSide).shared(), test = bar_images(9, kSide, 2).shared();
    Classifier classifier(data, test, network, training, std::make_shared<ThreadPool>(threads));
    for (int step = 0; step < steps; ++step) {
      add(classifier.step());
      // In between, because lanes and their memory are shared with it.
      if (step == 0) add(classifier.evaluate(Split::kTest));
    }
    add(classifier.network().parameters());
    add(classifier.network().gradients());
    add(classifier.network().state());
    add(classifier.evaluate(Split::kTest));
    add(classifier.evaluate(Split::kTrain));
    add(classifier.predictions(Split::kTrain));
    Bytes images;
    for (Index i = 0; i < test->count(); ++i)
      images.insert(images.end(), test->image(i).begin(), test->image(i).end());
    add(classifier.predict(images));
  }

  bool operator==(const Trace&) const = default;

 private:
  template <class Values>
  void add(const Values& values) {
    for (const auto value : values) row_.push_back(static_cast<double>(value));
  }
  void add(const StepMetrics& metrics) {
    add(Doubles{static_cast<double>(metrics.loss), static_cast<double>(metrics.accuracy),
                metrics.gradient_norm});
  }
  void add(const Evaluation& evaluation) {
    add(Doubles{evaluation.loss, evaluation.accuracy});
    add(evaluation.confusion);
  }

  Doubles row_;
};

/// `steps` of them go over the end of the epoch, where the batch is smaller.
void check_same_bits(const NetworkSpec& network, const TrainingSpec& training,
                     std::uint32_t examples, int steps) {
  CAPTURE(training.batch_size);
  const Trace alone(network, training, examples, steps, 1);
  for (const int threads : {2, 3, 4, 8}) {
    CAPTURE(threads);
    CHECK(Trace(network, training, examples, steps, threads) == alone);
  }
}

OptimizerSpec clipped(OptimizerType type) {
  return {.type = type, .learning_rate = 0.01, .momentum = 0.9, .clip_norm = 0.5};
}

}  // namespace

TEST_CASE("threads: the article's network gives the same bits with any number of them") {
  REQUIRE(shard_count(Network(article_network()), 17) == 8);
  REQUIRE(shard_count(Network(article_network()), 5) == 4);
  check_same_bits(article_network(), training_of(17), 20, 2);
  check_same_bits(article_network(), training_of(5), 7, 3);
  check_same_bits(article_network(), training_of(1), 2, 2);
}

TEST_CASE("threads: so does one with batch normalisation and dropout") {
  const Loss loss = Loss::kBinaryCrossEntropyWithLogits;
  REQUIRE(shard_count(Network(normalised_network()), 61) >= 4);
  check_same_bits(normalised_network(), training_of(61, loss, clipped(OptimizerType::kRmsProp)), 70,
                  2);
  check_same_bits(normalised_network(), training_of(3), 5, 3);
  check_same_bits(normalised_network(), training_of(1), 2, 2);
}

TEST_CASE("threads: so does one of dense layers") {
  REQUIRE(shard_count(Network(dense_network()), 199) >= 4);
  check_same_bits(dense_network(),
                  training_of(199, Loss::kMeanSquaredError, clipped(OptimizerType::kSgd)), 210, 2);
  check_same_bits(dense_network(), training_of(64), 70, 3);
  check_same_bits(dense_network(), training_of(1), 3, 3);
}

TEST_CASE("threads: so does a recurrent one") {
  REQUIRE(shard_count(Network(recurrent_network()), 61) >= 4);
  check_same_bits(recurrent_network(),
                  training_of(61, Loss::kSoftmaxCrossEntropy, clipped(OptimizerType::kAdam)), 70,
                  2);
  check_same_bits(recurrent_network(), training_of(3), 5, 3);
}

TEST_CASE("threads: the same layer is named where numbers stop being finite") {
  const auto data = bar_images(50, kSide).shared();
  for (const std::size_t stage : {1u, 7u, 12u}) {
    doctest::String first;
    for (const int threads : kThreadCounts) {
      Classifier classifier(data, data, normalised_network(), training_of(37),
                            std::make_shared<ThreadPool>(threads));
      const Stage& spoilt = classifier.network().stages()[stage];
      classifier.network().parameters_of(spoilt)[0] = kNaN;
      const auto message = message_of<NonFinite>([&] { classifier.step(); });
      CHECK(message == doctest::Contains(("[" + spoilt.name + "]").c_str()));
      if (threads == 1) first = message;
      CHECK(message == first);
    }
  }
}

TEST_CASE("threads: a part of a step is one chunk, or four for each of several threads") {
  const auto data = bar_images(16, kSide).shared();
  for (const int wanted : kThreadCounts) {
    const auto pool = std::make_shared<ThreadPool>(wanted);
    Classifier classifier(data, data, article_network(), training_of(16), pool);
    int parts = 1;
    while (!classifier.advance_step()) ++parts;
    // A build without threads has one, whatever is wanted.
    CHECK(parts == (pool->threads() == 1 ? 8 : 1));
  }
}

}  // namespace kernelgarten::test
