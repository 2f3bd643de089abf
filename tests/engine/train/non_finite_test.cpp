#include "engine/train/non_finite.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

NetworkSpec deep_network() {
  return {{10, 10, 1},
          {Conv2dSpec{.filters = 3}, BatchNormSpec{}, ReluSpec{}, MaxPool2dSpec{},
           Conv2dSpec{.filters = 3}, ReluSpec{}, FlattenSpec{}, LayerSpec{DenseSpec{10}, "logits"}},
          1};
}

struct Snapshot {
  Floats parameters, state;

  explicit Snapshot(Network& network)
      : parameters(network.parameters().begin(), network.parameters().end()),
        state(network.state().begin(), network.state().end()) {}
};

/// Spoils one weight of a stage, and expects the step to name `where` and to change nothing.
void check_named(std::size_t stage, float value, const char* where) {
  CAPTURE(stage);
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, deep_network(), training_of(10));
  classifier.step();
  Network& network = classifier.network();
  network.parameters_of(network.stages()[stage])[0] = value;
  const Snapshot before(network);
  CHECK_THROWS_WITH_AS(classifier.step(), Contains(where), NonFinite);
  const Snapshot after(network);
  CHECK(after.state == before.state);
  for (std::size_t i = 0; i < before.parameters.size(); ++i) {
    const bool same = after.parameters[i] == before.parameters[i] ||
                      (std::isnan(after.parameters[i]) && std::isnan(before.parameters[i]));
    REQUIRE(same);
  }
}

}  // namespace

TEST_CASE("non_finite: the first layer that gives no number is named, the weights stay") {
  for (const float value : {kNaN, kInfinity}) {
    check_named(0, value, "[conv2d_1]");
    check_named(1, value, "[batch_norm_1]");
    check_named(4, value, "[conv2d_2]");
    check_named(7, value, "[logits]");
  }
}

TEST_CASE("non_finite: a network that goes on after its weight is mended") {
  const auto data = bar_images(20).shared();
  Classifier classifier(data, data, deep_network(), training_of(10));
  float& weight = classifier.network().parameters()[0];
  const float good = weight;
  weight = kNaN;
  CHECK_THROWS_AS(classifier.step(), NonFinite);
  weight = good;
  CHECK(std::isfinite(classifier.step().loss));
}

TEST_CASE("non_finite: an absurd learning rate ends in a message that names a layer") {
  const auto data = bar_images(20).shared();
  OptimizerSpec wild{.type = OptimizerType::kSgd, .learning_rate = 100.0};
  NetworkSpec spec = small_cnn();
  Classifier classifier(data, data, spec, training_of(20, Loss::kMeanSquaredError, wild));
  const auto message = message_of<NonFinite>([&] {
    for (int step = 0; step < 200; ++step) classifier.step();
  });
  CHECK(message == Contains("["));
  CHECK(message == Contains("no longer a finite number"));
}

TEST_CASE("non_finite: a gradient that overflows is named although the loss is finite") {
  // Two dense layers: the loss and the first gradient stay in range, the product does not.
  const auto data = bar_images(10).shared();
  const NetworkSpec spec{{100}, {DenseSpec{1}, DenseSpec{10}}, 1};
  Classifier classifier(data, data, spec, training_of(10, Loss::kMeanSquaredError));
  Network& network = classifier.network();
  std::ranges::fill(network.parameters_of(network.stages()[0]), 0.0f);
  std::ranges::fill(network.parameters_of(network.stages()[1]), 0.0f);
  const auto second = network.parameters_of(network.stages()[1]);
  for (std::size_t i = 0; i < 10; ++i) {
    second[i] = 3e38f;
    second[10 + i] = i % 2 == 0 ? 1e3f : 2e3f;
  }
  const Snapshot before(network);
  CHECK_THROWS_WITH_AS(classifier.step(), Contains("[dense_1] its gradient"), NonFinite);
  CHECK(Snapshot(network).parameters == before.parameters);
}

TEST_CASE("non_finite: of several such gradients the one nearest to the loss is named") {
  // Outputs of 1e18 from 1e36 over 1e30: the loss holds, the gradients of both weights do not.
  const auto data = bar_images(10).shared();
  const NetworkSpec spec{{100}, {DenseSpec{1}, DenseSpec{1}, DenseSpec{10}}, 1};
  Classifier classifier(data, data, spec, training_of(10, Loss::kMeanSquaredError));
  Network& network = classifier.network();
  std::ranges::fill(network.parameters(), 0.0f);
  network.parameters_of(network.stages()[0])[100] = 1e36f;
  network.parameters_of(network.stages()[1])[0] = 1e-6f;
  std::ranges::fill(network.parameters_of(network.stages()[2]).first(10), 1e-12f);
  CHECK_THROWS_WITH_AS(classifier.step(), Contains("[dense_3] its gradient"), NonFinite);
}

}  // namespace kernelgarten::test
