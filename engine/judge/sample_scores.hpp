#pragma once

#include <span>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// How good samples of a generator are, as a classifier of real images sees them.
struct SampleScores {
  /// Images that were judged.
  Index count;
  double confidence;
  std::vector<double> shares;
  double inception_score;
  double frechet_distance;
};

// Of the probabilities p(y | x) of each class y for each image x: [n, classes], rows that sum to 1,
// n at least 1.

/// The mean over x of max over y of p(y | x).
double mean_confidence(std::span<const float> probabilities, Index classes);

/// For each class the share of the images for which it is the likeliest, the first of equals.
std::vector<double> class_shares(std::span<const float> probabilities, Index classes);

/// exp of the mean over x of KL(p(y | x) || p(y)) = sum over y of p(y | x) log(p(y | x) / p(y)),
/// where p(y) is the mean of p(y | x) over x, and 0 log 0 = 0. From 1, where all images look alike
/// to the classifier, to `classes`, where it is sure of each and sees as many of every class.
/// Salimans et al. 2016, Improved Techniques for Training GANs, arXiv:1606.03498, section 4; all
/// images are one group.
double inception_score(std::span<const float> probabilities, Index classes);

/// A normal distribution in d dimensions.
struct Gaussian {
  /// [d]
  std::vector<double> mean;
  /// [d, d]
  std::vector<double> covariance;
};

/// Mean and unbiased covariance, 1 / (n - 1) sum over x of (x - mean) (x - mean)^T, of the rows of
/// features [n, dimension], n at least 2.
Gaussian fit_gaussian(std::span<const float> features, Index dimension);

/// Frechet distance, squared, of two Gaussians (m1, S1) and (m2, S2):
/// |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)).
/// Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule, arXiv:1706.08500; there of the
/// features of real and of generated images.
double frechet_distance(const Gaussian& first, const Gaussian& second);

}  // namespace kernelgarten
