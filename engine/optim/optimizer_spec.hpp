#pragma once

namespace kernelgarten {

enum class OptimizerType { kSgd, kRmsProp, kAdam };

/// An optimizer as a plain value. Rates and factors are dimensionless.
struct OptimizerSpec {
  OptimizerType type = OptimizerType::kAdam;
  double learning_rate = 1e-3;
  /// sgd
  double momentum = 0.0;
  bool nesterov = false;
  /// rmsprop: smoothing of the squared gradient
  double decay = 0.99;
  /// adam: smoothing of the gradient and of the squared gradient
  double beta1 = 0.9;
  double beta2 = 0.999;
  /// rmsprop, adam: added to the root of the squared gradient
  double epsilon = 1e-8;
  /// Longest allowed gradient; 0 switches clipping off.
  double clip_norm = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("type", self.type);
    visit("learningRate", self.learning_rate);
    visit("momentum", self.momentum);
    visit("nesterov", self.nesterov);
    visit("decay", self.decay);
    visit("beta1", self.beta1);
    visit("beta2", self.beta2);
    visit("epsilon", self.epsilon);
    visit("clipNorm", self.clip_norm);
  }
};

}  // namespace kernelgarten
