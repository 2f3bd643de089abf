#include "engine/ops/elman_cell.hpp"

#include "engine/ops/activation.hpp"

namespace kernelgarten {
namespace {

template <class Activation>
void forward(const CellStep& step, Activation f) {
  for (Index n = 0; n < step.batch; ++n) {
    float* gates = step.gates + n * step.gates_stride;
    activation_forward(step.h + n * step.units, gates, step.units, f);
  }
}

template <class Activation>
void backward(const CellStepGradient& gradient, Activation f) {
  const CellStep& step = gradient.step;
  for (Index n = 0; n < step.batch; ++n) {
    activation_backward(step.gates + n * step.gates_stride, gradient.d_h + n * step.units,
                        step.h + n * step.units, step.units, f);
  }
}

}  // namespace

void elman_tanh_forward(const CellStep& step) { forward(step, Tanh{}); }
void elman_tanh_backward(const CellStepGradient& gradient) { backward(gradient, Tanh{}); }
void elman_relu_forward(const CellStep& step) { forward(step, Relu{}); }
void elman_relu_backward(const CellStepGradient& gradient) { backward(gradient, Relu{}); }

}  // namespace kernelgarten
