#include "engine/judge/sample_scores.hpp"

#include <Eigen/Core>
#include <Eigen/Jacobi>
#include <algorithm>
#include <cmath>
#include <limits>

namespace kernelgarten {
namespace {

using Matrix = Eigen::MatrixXd;

/// Calls use(row) for each row of `columns` numbers.
template <class Use>
void for_each_row(std::span<const float> numbers, Index columns, const Use& use) {
  const auto size = static_cast<std::size_t>(columns);
  for (; !numbers.empty(); numbers = numbers.subspan(size)) use(numbers.first(size));
}

double row_count(std::span<const float> numbers, Index columns) {
  return static_cast<double>(numbers.size()) / static_cast<double>(columns);
}

std::vector<double> column_means(std::span<const float> numbers, Index columns) {
  std::vector<double> means(static_cast<std::size_t>(columns));
  for_each_row(numbers, columns, [&](std::span<const float> row) {
    for (std::size_t i = 0; i < row.size(); ++i) means[i] += double{row[i]};
  });
  for (double& mean : means) mean /= row_count(numbers, columns);
  return means;
}

double divergence(std::span<const float> conditional, const std::vector<double>& marginal) {
  double sum = 0.0;
  for (std::size_t y = 0; y < conditional.size(); ++y) {
    const double p = conditional[y];
    if (p > 0.0) sum += p * std::log(p / marginal[y]);
  }
  return sum;
}

/// Symmetric, so that rows and columns may change places.
Eigen::Map<const Matrix> covariance_of(const Gaussian& gaussian) {
  const auto size = static_cast<Eigen::Index>(gaussian.mean.size());
  return {gaussian.covariance.data(), size, size};
}

/// Of a symmetric matrix V diag(values) V^T.
struct Eigensystem {
  Eigen::VectorXd values;
  /// V: a column for each value.
  Matrix vectors;
};

/// Rotates a to J^T a J, and V to V J, for each pair of axes in turn, so that what the pair had off
/// the diagonal becomes zero. False where everything off the diagonal is negligible.
bool sweep(Matrix& a, Matrix& vectors, double negligible) {
  bool rotated = false;
  for (Eigen::Index q = 1; q < a.cols(); ++q) {
    for (Eigen::Index p = 0; p < q; ++p) {
      if (std::abs(a(p, q)) <= negligible) continue;
      Eigen::JacobiRotation<double> rotation;
      rotation.makeJacobi(a, p, q);
      a.applyOnTheLeft(p, q, rotation.adjoint());
      a.applyOnTheRight(p, q, rotation);
      vectors.applyOnTheRight(p, q, rotation);
      rotated = true;
    }
  }
  return rotated;
}

/// Of a symmetric matrix without negative eigenvalues, by the cyclic Jacobi method (Golub and Van
/// Loan, Matrix Computations, section 8.5), which takes some 7 sweeps. Eigen's own solver would add
/// 13 kB, packed, to every page.
Eigensystem eigensystem(Matrix a) {
  constexpr int kMostSweeps = 30;
  const double negligible = std::numeric_limits<double>::epsilon() * a.trace();
  Matrix vectors = Matrix::Identity(a.rows(), a.cols());
  for (int i = 0; i < kMostSweeps && sweep(a, vectors, negligible); ++i) {
  }
  return {a.diagonal(), vectors};
}

/// Of an eigenvalue that rounding may have pushed below zero.
double root(double eigenvalue) { return std::sqrt(std::max(0.0, eigenvalue)); }

/// tr (S1 S2)^(1/2). With S1 = V diag(l) V^T and B = V diag(l)^(1/2), S1 S2 = B (B^T S2) has the
/// eigenvalues of the symmetric B^T S2 B, and none of them is negative.
double trace_of_root(const Matrix& first, const Matrix& second) {
  const auto [values, vectors] = eigensystem(first);
  const Matrix b = vectors * values.unaryExpr(&root).asDiagonal();
  return eigensystem(b.transpose().lazyProduct(Matrix(second.lazyProduct(b))))
      .values.unaryExpr(&root)
      .sum();
}

}  // namespace

double mean_confidence(std::span<const float> probabilities, Index classes) {
  double sum = 0.0;
  for_each_row(probabilities, classes,
               [&](std::span<const float> row) { sum += double{std::ranges::max(row)}; });
  return sum / row_count(probabilities, classes);
}

std::vector<double> class_shares(std::span<const float> probabilities, Index classes) {
  std::vector<double> shares(static_cast<std::size_t>(classes));
  for_each_row(probabilities, classes, [&](std::span<const float> row) {
    shares[static_cast<std::size_t>(std::ranges::max_element(row) - row.begin())] += 1.0;
  });
  for (double& share : shares) share /= row_count(probabilities, classes);
  return shares;
}

double inception_score(std::span<const float> probabilities, Index classes) {
  const std::vector<double> marginal = column_means(probabilities, classes);
  double sum = 0.0;
  for_each_row(probabilities, classes,
               [&](std::span<const float> row) { sum += divergence(row, marginal); });
  return std::exp(sum / row_count(probabilities, classes));
}

Gaussian fit_gaussian(std::span<const float> features, Index dimension) {
  const auto size = static_cast<std::size_t>(dimension);
  Gaussian gaussian{column_means(features, dimension), std::vector<double>(size * size)};
  std::vector<double> deviation(size);
  for_each_row(features, dimension, [&](std::span<const float> row) {
    for (std::size_t i = 0; i < size; ++i) deviation[i] = double{row[i]} - gaussian.mean[i];
    for (std::size_t i = 0; i < size * size; ++i) {
      gaussian.covariance[i] += deviation[i / size] * deviation[i % size];
    }
  });
  const double freedom = row_count(features, dimension) - 1.0;
  for (double& covariance : gaussian.covariance) covariance /= freedom;
  return gaussian;
}

double frechet_distance(const Gaussian& first, const Gaussian& second) {
  double distance = 0.0;
  for (std::size_t i = 0; i < first.mean.size(); ++i) {
    distance += std::pow(first.mean[i] - second.mean[i], 2);
  }
  const Matrix s1 = covariance_of(first), s2 = covariance_of(second);
  distance += s1.trace() + s2.trace() - 2.0 * trace_of_root(s1, s2);
  return std::max(0.0, distance);
}

}  // namespace kernelgarten
