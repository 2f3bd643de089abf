#include "engine/ops/lstm_cell.hpp"

#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {

using simd::Pack;

void lstm_forward(const CellStep& step) {
  const Index units = step.units;
  for (Index n = 0; n < step.batch; ++n) {
    float* gates = step.gates + n * step.gates_stride;
    const float* c_before = step.c_before + n * units;
    float* c = step.c + n * units;
    float* h = step.h + n * units;
    simd::for_each_pack(units, [&](Index j, auto lanes) {
      const Pack i = simd::sigmoid(lanes.load(gates + j));
      const Pack f = simd::sigmoid(lanes.load(gates + units + j));
      const Pack g = simd::tanh(lanes.load(gates + 2 * units + j));
      const Pack o = simd::sigmoid(lanes.load(gates + 3 * units + j));
      const Pack memory = simd::multiply_add(f, lanes.load(c_before + j), i * g);
      lanes.store(gates + j, i);
      lanes.store(gates + units + j, f);
      lanes.store(gates + 2 * units + j, g);
      lanes.store(gates + 3 * units + j, o);
      lanes.store(c + j, memory);
      lanes.store(h + j, o * simd::tanh(memory));
    });
  }
}

void lstm_backward(const CellStepGradient& gradient) {
  const CellStep& step = gradient.step;
  const Index units = step.units;
  const Pack one(1.0f);
  for (Index n = 0; n < step.batch; ++n) {
    float* gates = step.gates + n * step.gates_stride;
    const float* c_before = step.c_before + n * units;
    const float* h = step.h + n * units;
    const float* d_h = gradient.d_h + n * units;
    float* d_c = gradient.d_c + n * units;
    simd::for_each_pack(units, [&](Index j, auto lanes) {
      const Pack i = lanes.load(gates + j);
      const Pack f = lanes.load(gates + units + j);
      const Pack g = lanes.load(gates + 2 * units + j);
      const Pack o = lanes.load(gates + 3 * units + j);
      // h / o is tanh(c); where o has become 0, nothing goes back through it.
      const Pack t = simd::select(o > Pack(0.0f), lanes.load(h + j) / o, Pack(0.0f));
      const Pack d_output = lanes.load(d_h + j);
      const Pack d_memory = lanes.load(d_c + j) + d_output * o * (one - t * t);
      lanes.store(gates + j, d_memory * g * i * (one - i));
      lanes.store(gates + units + j, d_memory * lanes.load(c_before + j) * f * (one - f));
      lanes.store(gates + 2 * units + j, d_memory * i * (one - g * g));
      lanes.store(gates + 3 * units + j, d_output * t * o * (one - o));
      lanes.store(d_c + j, d_memory * f);
    });
  }
}

}  // namespace kernelgarten
