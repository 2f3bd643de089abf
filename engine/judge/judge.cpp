#include "engine/judge/judge.hpp"

#include <algorithm>
#include <cmath>

#include "engine/network/weights_file.hpp"
#include "engine/ops/softmax.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Chunks are as large as suits batches of so many images.
constexpr Index kBatchSize = 128;
/// A covariance takes two.
constexpr Index kFewestImages = 2;

void check_fit(const Network& network, const ImageDataset& reference) {
  check(reference.count() >= kFewestImages, "[judge] expected at least ", kFewestImages,
        " images to compare with, got ", reference.count());
  check(network.input_shape() == reference.image_shape(), "[input] the network expects ",
        to_string(network.input_shape()), ", the images to compare with are ",
        to_string(reference.image_shape()));
  const Stage& last = network.stages().back();
  check(network.stages().size() >= 2 && last.type == DenseSpec::type, "[", last.name,
        "] expected a dense layer behind those that give the features, got ", last.type);
  check(network.output_shape() == Shape{reference.classes()}, "[", last.name, "] expected ",
        reference.classes(), " outputs, one for each class, got ",
        to_string(network.output_shape()));
}

/// The places in [n, columns] of the numbers of some images.
float* rows_of(std::vector<float>& numbers, Index columns, Examples images) {
  return numbers.data() + images.begin * columns;
}

std::size_t size_of(Index rows, Index columns) { return static_cast<std::size_t>(rows * columns); }

}  // namespace

Judge::Judge(const ImageDataset& reference, const NetworkSpec& network,
             std::span<const std::uint8_t> weights, std::shared_ptr<ThreadPool> pool)
    : network_(network), inference_(network_, kBatchSize, std::move(pool)) {
  check_fit(network_, reference);
  read_weights(network_, weights);
  reference_features_ = measure_features(reference);
}

Index Judge::dimension() const { return element_count(network_.stages().back().input_shape); }

Judge::Measurement Judge::measurement_of(Index count) const {
  return {count, 0, std::vector<float>(size_of(count, dimension())),
          std::vector<float>(size_of(count, classes()))};
}

void Judge::begin(std::vector<float> images) {
  const auto size = static_cast<std::size_t>(image_size());
  check(images.size() % size == 0 && images.size() / size >= kFewestImages, "[judge] expected ",
        kFewestImages, " or more images of ", size, " pixels each, got ", images.size(),
        " numbers");
  const auto odd = std::ranges::find_if_not(images, [](float x) { return std::isfinite(x); });
  check<InvalidData>(odd == images.end(), "[judge] expected finite numbers, got ",
                     odd == images.end() ? 0.0f : *odd, " at position ", odd - images.begin());
  images_ = std::move(images);
  measurement_ = measurement_of(static_cast<Index>(images_.size() / size));
}

bool Judge::advance() {
  check(!images_.empty(), "[judge] no images were begun with");
  if (!measure_images()) return false;
  finish();
  return true;
}

const SampleScores& Judge::judge(std::vector<float> images) {
  begin(std::move(images));
  while (!advance()) {
  }
  return *scores_;
}

const SampleScores& Judge::scores() const {
  check(scores_.has_value(), "[judge] no images have been judged yet");
  return *scores_;
}

template <class Load>
bool Judge::measure(Measurement& measurement, const Load& load) {
  auto& [count, done, features, probabilities] = measurement;
  const Examples next{done, std::min(count, done + inference_.round())};
  inference_.run(
      next, {}, [&](float* input, Examples images, int) { load(input, images); },
      [&](float*, const float* logits, Examples images, int lane) {
        softmax_forward(rows_of(probabilities, classes(), images), logits, images.count(),
                        classes());
        std::copy_n(inference_.last_input(images, lane), size_of(images.count(), dimension()),
                    rows_of(features, dimension(), images));
      });
  done = next.end;
  return done == count;
}

Gaussian Judge::measure_features(const ImageDataset& images) {
  Measurement measurement = measurement_of(images.count());
  const auto load = [&](float* input, Examples chunk) {
    for (Index i = chunk.begin; i < chunk.end; ++i, input += image_size()) {
      normalize_pixels(input, images.image(i));
    }
  };
  while (!measure(measurement, load)) {
  }
  return fit_gaussian(measurement.features, dimension());
}

bool Judge::measure_images() {
  const Index size = image_size();
  return measure(measurement_, [&](float* input, Examples images) {
    std::copy_n(rows_of(images_, size, images), size_of(images.count(), size), input);
  });
}

void Judge::finish() {
  const Gaussian features = fit_gaussian(measurement_.features, dimension());
  probabilities_ = std::move(measurement_.probabilities);
  scores_ = {measurement_.count, mean_confidence(probabilities_, classes()),
             class_shares(probabilities_, classes()), inception_score(probabilities_, classes()),
             frechet_distance(reference_features_, features)};
  images_ = {};
  measurement_ = {};
}

}  // namespace kernelgarten
