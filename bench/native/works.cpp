#include "bench/native/works.hpp"

#include <charconv>
#include <memory>

#include "bindings/measure.hpp"
#include "bindings/measure_support.hpp"
#include "engine/tensor/check.hpp"
#include "engine/train/classifier.hpp"
#include "tests/engine/synthetic_data.hpp"

namespace kernelgarten::bench {
namespace {

constexpr Index kBatchSize = 128;

/// A multiple of the batch size: all batches of an epoch are full.
constexpr std::uint32_t kImages = 9600, kSide = 28;
static_assert(kImages % kBatchSize == 0);

/// The article's, as the SDK's preset `cnn-article` has it.
NetworkSpec article_network() {
  const Initializer weights{InitializerKind::kNormal, 0.01};
  const Initializer bias{InitializerKind::kConstant, 0.1};
  const auto convolution = [&](Index filters) {
    return Conv2dSpec{.filters = filters, .weight_init = weights, .bias_init = bias};
  };
  const DenseSpec output{10, {InitializerKind::kGlorotUniform}, bias};
  return {{kSide, kSide, 1},
          {convolution(32), ReluSpec{}, MaxPool2dSpec{}, convolution(64), ReluSpec{},
           MaxPool2dSpec{}, FlattenSpec{}, output},
          1};
}

/// measure(milliseconds), after a shorter one that counts for nothing.
template <class Measure>
double warmed_up(double milliseconds, Measure measure) {
  measure(milliseconds / 4.0);
  return measure(milliseconds);
}

double measure_cnn(bool training, int threads, double milliseconds) {
  const test::LabelledImages images = test::bar_images(kImages, kSide);
  const auto data = images.shared();
  Classifier classifier(data, data, article_network(), {.batch_size = kBatchSize},
                        std::make_shared<ThreadPool>(threads));
  const std::span batch(images.pixels.data(), kBatchSize * kSide * kSide);
  return kBatchSize * warmed_up(milliseconds, [&](double duration) {
           return bindings::runs_per_second(duration, [&] {
             if (training) {
               classifier.step();
             } else {
               classifier.predict(batch);
             }
           });
         });
}

/// N of "gemm.N"; 0 for any other name.
int gemm_size(std::string_view work) {
  constexpr std::string_view kPrefix = "gemm.";
  int size = 0;
  if (work.starts_with(kPrefix)) {
    std::from_chars(work.data() + kPrefix.size(), work.data() + work.size(), size);
  }
  return size;
}

}  // namespace

double measure(std::string_view work, int threads, double milliseconds) {
  if (work == "cnn.train") return measure_cnn(true, threads, milliseconds);
  if (work == "cnn.infer") return measure_cnn(false, threads, milliseconds);
  if (work == "peak") return warmed_up(milliseconds, bindings::measure_peak_gflops);
  const int size = gemm_size(work);
  check(size > 0, "[bench] expected peak, gemm.N, cnn.train or cnn.infer, got ", work);
  return warmed_up(milliseconds, [size](double duration) {
    return bindings::gemm_gflops(size, size, size, "none", duration);
  });
}

}  // namespace kernelgarten::bench
