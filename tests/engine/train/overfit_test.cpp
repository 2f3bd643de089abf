// Every loss with every optimizer learns 32 images by heart.

#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

OptimizerSpec optimizer_of(OptimizerType type, double rate, double momentum = 0.0,
                           bool nesterov = false) {
  OptimizerSpec spec;
  spec.type = type;
  spec.learning_rate = rate;
  spec.momentum = momentum;
  spec.nesterov = nesterov;
  return spec;
}

/// Trains until every image is told right and the loss has fallen to a third, or time is up.
void check_overfits(const NetworkSpec& network, Loss loss, const OptimizerSpec& optimizer,
                    int most_steps) {
  CAPTURE(static_cast<int>(loss));
  CAPTURE(static_cast<int>(optimizer.type));
  CAPTURE(optimizer.momentum);
  const auto data = bar_images(32).shared();
  Classifier classifier(data, data, network, training_of(32, loss, optimizer));
  const double enough = static_cast<double>(classifier.step().loss) / 3.0;
  bool learned = false;
  for (int step = 2; step <= most_steps && !learned; ++step) {
    classifier.step();
    if (step % 20 != 0) continue;
    const Evaluation& evaluation = classifier.evaluate(Split::kTrain);
    learned = evaluation.accuracy == 1.0 && evaluation.loss < enough;
  }
  CHECK(learned);
}

NetworkSpec small_dense() { return {{100}, {DenseSpec{16}, ReluSpec{}, DenseSpec{10}}, 1}; }

NetworkSpec with_last(NetworkSpec spec, LayerSpec last) {
  spec.layers.push_back(std::move(last));
  return spec;
}

/// Each optimizer at a rate that suits a loss whose gradients are `scale` times smaller.
void check_all_optimizers(const NetworkSpec& network, Loss loss, double scale) {
  check_overfits(network, loss, optimizer_of(OptimizerType::kSgd, 0.1 * scale), 600);
  check_overfits(network, loss, optimizer_of(OptimizerType::kSgd, 0.02 * scale, 0.9), 400);
  check_overfits(network, loss, optimizer_of(OptimizerType::kSgd, 0.02 * scale, 0.9, true), 400);
  check_overfits(network, loss, optimizer_of(OptimizerType::kRmsProp, 0.003), 400);
  check_overfits(network, loss, optimizer_of(OptimizerType::kAdam, 0.01), 400);
}

}  // namespace

TEST_CASE("overfit: softmax cross-entropy") {
  check_all_optimizers(small_dense(), Loss::kSoftmaxCrossEntropy, 1.0);
}

TEST_CASE("overfit: binary cross-entropy with logits") {
  check_all_optimizers(small_dense(), Loss::kBinaryCrossEntropyWithLogits, 5.0);
}

TEST_CASE("overfit: binary cross-entropy on probabilities") {
  check_all_optimizers(with_last(small_dense(), SigmoidSpec{}), Loss::kBinaryCrossEntropy, 5.0);
}

TEST_CASE("overfit: mean squared error") {
  check_all_optimizers(with_last(small_dense(), SoftmaxSpec{}), Loss::kMeanSquaredError, 10.0);
}

TEST_CASE("overfit: a convolutional network with each loss") {
  const OptimizerSpec adam = optimizer_of(OptimizerType::kAdam, 0.01);
  const NetworkSpec cnn = small_cnn(), probabilities = with_last(cnn, SoftmaxSpec{});
  check_overfits(cnn, Loss::kSoftmaxCrossEntropy, adam, 200);
  check_overfits(cnn, Loss::kBinaryCrossEntropyWithLogits, adam, 200);
  check_overfits(cnn, Loss::kMeanSquaredError, adam, 200);
  check_overfits(probabilities, Loss::kBinaryCrossEntropy, adam, 200);
  check_overfits(probabilities, Loss::kMeanSquaredError, adam, 200);
}

TEST_CASE("overfit: batch normalisation, average pooling, strides and dropout on the way") {
  const NetworkSpec spec{
      {10, 10, 1},
      {Conv2dSpec{.filters = 8, .stride = 2}, BatchNormSpec{}, LeakyReluSpec{},
       Conv2dSpec{.filters = 8}, TanhSpec{}, AveragePool2dSpec{{.size = 2, .stride = 1}},
       FlattenSpec{}, DropoutSpec{0.1}, DenseSpec{16}, BatchNormSpec{}, SigmoidSpec{},
       DenseSpec{10}},
      2};
  check_overfits(spec, Loss::kSoftmaxCrossEntropy, optimizer_of(OptimizerType::kAdam, 0.01), 200);
}

TEST_CASE("overfit: recurrent networks, row by row") {
  const auto reading = [](LayerSpec recurrent) {
    return NetworkSpec{{10, 10}, {std::move(recurrent), DenseSpec{10}}, 1};
  };
  const OptimizerSpec adam = optimizer_of(OptimizerType::kAdam, 0.01);
  const RecurrentFields fields{.units = 16};
  for (const NetworkSpec& network :
       {reading(SimpleRnnSpec{fields}), reading(SimpleRnnSpec{fields, RecurrentActivation::kRelu}),
        reading(LstmSpec{fields}), reading(GruSpec{fields})}) {
    check_overfits(network, Loss::kSoftmaxCrossEntropy, adam, 400);
  }
}

}  // namespace kernelgarten::test
