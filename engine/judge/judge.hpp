#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/data/image_dataset.hpp"
#include "engine/judge/sample_scores.hpp"
#include "engine/train/inference.hpp"

namespace kernelgarten {

/// Scores generated images by a classifier that was trained on real ones, a chunk for each thread
/// at a call, so that whoever drives it can do something else in between. An image's features are
/// what the classifier's last layer reads. Every number that comes out has the same bits for any
/// number of threads.
class Judge {
 public:
  /// Measures the features of `reference`, the real images, which are not needed afterwards.
  /// `weights` is a file of `write_weights` of a network with the layers of `network`, whose last
  /// one is dense and gives the logits of the classes of `reference`. Throws InvalidArgument where
  /// the three do not fit each other, InvalidData where the file is damaged.
  Judge(const ImageDataset& reference, const NetworkSpec& network,
        std::span<const std::uint8_t> weights,
        std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>(1));
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// Takes images [n, height, width] to be judged, black 0, white 1; whatever was begun before is
  /// given up. Throws InvalidArgument unless they are 2 or more whole images, InvalidData where a
  /// number is not finite.
  void begin(std::vector<float> images);
  /// Goes on with what was begun; true when the scores are there.
  bool advance();
  /// Begins, advances to the end and returns.
  const SampleScores& judge(std::vector<float> images);

  /// Of the last images that were judged. Throws InvalidArgument where there are none.
  const SampleScores& scores() const;
  /// Their class probabilities [n, classes]; empty where there are none.
  const std::vector<float>& probabilities() const { return probabilities_; }

 private:
  /// What the network gives for `count` images, of which `done` are measured. Each has a place of
  /// its own, so that sums over all do not depend on which thread came first.
  struct Measurement {
    Index count;
    Index done;
    /// [count, dimension]
    std::vector<float> features;
    /// [count, classes]
    std::vector<float> probabilities;
  };

  Index classes() const { return element_count(network_.output_shape()); }
  /// Pixels of an image.
  Index image_size() const { return element_count(network_.input_shape()); }
  /// Numbers in an image's features.
  Index dimension() const;
  Measurement measurement_of(Index count) const;
  /// Measures the next images, which load(input, images) puts where the network reads; true when
  /// all are done.
  template <class Load>
  bool measure(Measurement& measurement, const Load& load);
  Gaussian measure_features(const ImageDataset& images);
  bool measure_images();
  void finish();

  Network network_;
  Inference inference_;
  Gaussian reference_features_;
  /// What was begun; empty before and after.
  std::vector<float> images_;
  Measurement measurement_{};
  /// What was finished.
  std::optional<SampleScores> scores_;
  std::vector<float> probabilities_;
};

}  // namespace kernelgarten
