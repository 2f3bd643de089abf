// Counts what the whole program allocates, by replacing the global operators.

#include <stdlib.h>  // posix_memalign

#include <atomic>
#include <new>

#include "engine/data/noisy_wave.hpp"
#include "engine/train/forecaster.hpp"
#include "engine/train/language_model.hpp"
#include "tests/engine/train/gan_setups.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace {

std::atomic<long> allocation_count{0};

/// Exactly `size` bytes, so that the address sanitizer still sees the first one past the end.
void* counted_allocation(std::size_t size, std::size_t alignment) {
  ++allocation_count;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, size) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted_allocation(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted_allocation(size, static_cast<std::size_t>(alignment));
}
// Not inlined: GCC warns where it sees `free` of what another operator returned.
[[gnu::noinline]] void operator delete(void* memory) noexcept { free(memory); }
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { operator delete(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  operator delete(memory);
}

namespace kernelgarten::test {
namespace {

NetworkSpec every_layer() {
  return {{10, 10, 1},
          {Conv2dSpec{.filters = 3}, BatchNormSpec{}, ReluSpec{}, MaxPool2dSpec{},
           Conv2dSpec{.filters = 4, .kernel = 5, .stride = 2}, LeakyReluSpec{}, AveragePool2dSpec{},
           FlattenSpec{}, DropoutSpec{}, DenseSpec{12}, TanhSpec{}, ReshapeSpec{{3, 4}},
           FlattenSpec{}, SigmoidSpec{}, DenseSpec{10}},
          1};
}

template <class Model>
long allocations_of_ten_steps(Model& model) {
  const long before = allocation_count;
  for (int step = 0; step < 10; ++step) model.step();
  return allocation_count - before;
}

/// Three epochs and a bit: the smaller last batch and the new order are among them.
long allocations_of_ten_steps(const NetworkSpec& network, const TrainingSpec& training,
                              int threads = 1, std::uint32_t side = 10) {
  const auto data = bar_images(50, side).shared();
  Classifier classifier(data, data, network, training, std::make_shared<ThreadPool>(threads));
  return allocations_of_ten_steps(classifier);
}

}  // namespace

TEST_CASE("allocation: the counter counts") {
  const long before = allocation_count;
  const AlignedBuffer<float> buffer(100);
  const std::vector<int> numbers(buffer.size());
  CHECK(allocation_count - before == 2);
}

TEST_CASE("allocation: a training step allocates nothing") {
  for (const OptimizerType type :
       {OptimizerType::kSgd, OptimizerType::kRmsProp, OptimizerType::kAdam}) {
    OptimizerSpec optimizer;
    optimizer.type = type;
    optimizer.momentum = 0.9;
    optimizer.clip_norm = 1.0;
    CHECK(allocations_of_ten_steps(every_layer(),
                                   training_of(16, Loss::kSoftmaxCrossEntropy, optimizer)) == 0);
  }
  for (const Loss loss : {Loss::kBinaryCrossEntropyWithLogits, Loss::kMeanSquaredError}) {
    CHECK(allocations_of_ten_steps(every_layer(), training_of(16, loss)) == 0);
  }
  NetworkSpec softmax = every_layer();
  softmax.layers.push_back(SoftmaxSpec{});
  CHECK(allocations_of_ten_steps(softmax, training_of(16, Loss::kBinaryCrossEntropy)) == 0);
}

TEST_CASE("allocation: nor does a step on several threads") {
  const NetworkSpec network{{28, 28, 1},
                            {Conv2dSpec{.filters = 16}, BatchNormSpec{}, ReluSpec{},
                             Conv2dSpec{.filters = 8}, FlattenSpec{}, DenseSpec{10}},
                            1};
  REQUIRE(shard_count(Network(network), 16) > 1);
  CHECK(allocations_of_ten_steps(network, training_of(16), 3, 28) == 0);
}

TEST_CASE("allocation: nor do steps of recurrent networks") {
  const NetworkSpec rows{{10, 10},
                         {GruSpec{{.units = 7, .return_sequences = true, .bidirectional = true}},
                          LstmSpec{{.units = 9}}, DenseSpec{10}},
                         1};
  CHECK(allocations_of_ten_steps(rows, training_of(16)) == 0);

  const auto text = std::make_shared<Text>(Text::from_utf8("what a text says, it says once more"));
  const NetworkSpec characters{
      {3},
      {EmbeddingSpec{text->vocabulary().size(), 4},
       LstmSpec{{.units = 8, .return_sequences = true}}, DenseSpec{text->vocabulary().size()}},
      1};
  LanguageModel model(text, 0.2, characters, training_of(2));
  CHECK(allocations_of_ten_steps(model) == 0);

  // Three steps an epoch, the last of them smaller.
  const NetworkSpec values{
      {5, 1}, {LstmSpec{{.units = 8, .return_sequences = true}}, DenseSpec{1}}, 1};
  Forecaster forecaster(noisy_wave(30, 0.1, 1), 0.2, values,
                        training_of(8, Loss::kMeanSquaredError));
  CHECK(allocations_of_ten_steps(forecaster) == 0);
}

TEST_CASE("allocation: nor does a round of a GAN") {
  for (GanTrainingSpec training : {point_training(), point_training(2, 3)}) {
    training.batch_size = 64;
    training.averaging = 0.9;
    training.generator.clip_norm = 1.0;
    // Four batches an epoch, the last one smaller.
    Gan points = point_gan(training);
    CHECK(allocations_of_ten_steps(points) == 0);
    training.batch_size = 16;
    training.conditional = true;
    Gan classes = class_gan(training);
    CHECK(allocations_of_ten_steps(classes) == 0);
  }
}

TEST_CASE("allocation: nor does one on several threads") {
  GanTrainingSpec training;
  training.batch_size = 16;
  const NetworkSpec generator{{8},
                              {DenseSpec{196}, ReshapeSpec{{7, 7, 4}}, BatchNormSpec{}, ReluSpec{},
                               ConvTranspose2dSpec{.filters = 16}, BatchNormSpec{}, ReluSpec{},
                               ConvTranspose2dSpec{.filters = 1}, TanhSpec{}},
                              1};
  const NetworkSpec discriminator{{28, 28, 1},
                                  {Conv2dSpec{.filters = 16}, BatchNormSpec{}, LeakyReluSpec{},
                                   Conv2dSpec{.filters = 8}, FlattenSpec{}, DenseSpec{1}},
                                  1};
  REQUIRE(shard_count(Network(discriminator), 16) > 1);
  Gan gan(std::make_shared<RealImages>(bar_images(40, 28).shared()), generator, discriminator,
          training, std::make_shared<ThreadPool>(3));
  CHECK(allocations_of_ten_steps(gan) == 0);
}

}  // namespace kernelgarten::test
