#pragma once

#include <span>

#include "engine/tensor/random.hpp"
#include "engine/tensor/shape.hpp"

namespace kernelgarten {

enum class InitializerKind {
  kZeros,
  kConstant,
  kNormal,
  kUniform,
  kGlorotNormal,
  kGlorotUniform,
  kHeNormal,
  kHeUniform,
  kOrthogonal,
};

/// How a parameter tensor starts. `scale` is the value of kConstant, the standard deviation of
/// kNormal and the largest size of kUniform; the others do not use it.
struct Initializer {
  InitializerKind kind = InitializerKind::kZeros;
  double scale = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("kind", self.kind);
    visit("scale", self.scale);
  }
};

/// Number of inputs that one output sums over, and of outputs that one input reaches.
struct Fan {
  Index in;
  Index out;
};

/// Fills `values`. With fan in n and fan out m: Glorot draws with variance 2 / (n + m) (Glorot and
/// Bengio, AISTATS 2010), He with variance 2 / n (He et al., ICCV 2015). A uniform draw of variance
/// v lies within sqrt(3 v). Orthogonal takes matrices [n, m] side by side, columns of all of them
/// after each other in each row, and gives each orthonormal columns, or rows where it has fewer
/// rows than columns (Saxe et al., ICLR 2014).
void initialize(std::span<float> values, const Initializer& initializer, Fan fan, Random& random);

}  // namespace kernelgarten
