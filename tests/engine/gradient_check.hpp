#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "tests/engine/values.hpp"

namespace kernelgarten::test {

struct JacobianOptions {
  /// Half the distance of the two points of a central difference.
  double eps = 1e-5;
  /// Largest allowed error of an entry, relative where the entry is larger than 1.
  double tolerance = 1e-5;
  /// Inputs closer to zero than this are left out: the function has a kink there.
  double keep_off = 0.0;
};

/// The plain function in double, of one of the op's inputs.
using Reference = std::function<Doubles(const Doubles& input)>;
/// The engine's backward pass: the gradient of that input for a gradient of the outputs.
using Backward = std::function<Floats(const Floats& d_out)>;

/// Row after row of the Jacobian: entry (j, i) is d output j / d input i. The engine gives row j as
/// the gradient for the j-th unit vector, the reference gives column i as a central difference:
///   (f(x + eps e_i) - f(x - eps e_i)) / (2 eps), with an error of order eps^2.
inline void check_jacobian(const Reference& reference, const Backward& backward,
                           const Floats& input, const JacobianOptions& options = {}) {
  Doubles point = widen(input);
  const std::size_t outputs = reference(point).size();
  std::vector<Floats> rows;
  for (std::size_t j = 0; j < outputs; ++j) {
    Floats unit(outputs, 0.0f);
    unit[j] = 1.0f;
    rows.push_back(backward(unit));
    REQUIRE(rows.back().size() == input.size());
  }
  std::size_t checked = 0;
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (std::fabs(point[i]) < options.keep_off) continue;
    const double centre = point[i];
    point[i] = centre + options.eps;
    const Doubles above = reference(point);
    point[i] = centre - options.eps;
    const Doubles below = reference(point);
    point[i] = centre;
    for (std::size_t j = 0; j < outputs; ++j) {
      const double numeric = (above[j] - below[j]) / (2.0 * options.eps);
      const double analytic = static_cast<double>(rows[j][i]);
      const double error = std::fabs(analytic - numeric) / std::max(1.0, std::fabs(numeric));
      ++checked;
      if (error <= options.tolerance) continue;
      CAPTURE(i);
      CAPTURE(j);
      CAPTURE(numeric);
      FAIL("Jacobian entry is ", analytic, ", wants ", numeric);
    }
  }
  CHECK(checked > 0);
}

}  // namespace kernelgarten::test
