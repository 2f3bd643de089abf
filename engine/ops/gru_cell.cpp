#include "engine/ops/gru_cell.hpp"

#include "engine/simd/loops.hpp"
#include "engine/simd/math.hpp"

namespace kernelgarten {

using simd::Pack;

void gru_forward(const CellStep& step) {
  const Index units = step.units;
  for (Index row = 0; row < step.batch; ++row) {
    float* gates = step.gates + row * step.gates_stride;
    const float* h_before = step.h_before + row * units;
    float* h = step.h + row * units;
    simd::for_each_pack(units, [&](Index j, auto lanes) {
      const Pack r = simd::sigmoid(lanes.load(gates + units + j));
      const Pack z = simd::sigmoid(lanes.load(gates + 2 * units + j));
      const Pack m = lanes.load(gates + 3 * units + j);
      const Pack n = simd::tanh(simd::multiply_add(r, m, lanes.load(gates + j)));
      lanes.store(gates + j, n);
      lanes.store(gates + units + j, r);
      lanes.store(gates + 2 * units + j, z);
      lanes.store(h + j, simd::multiply_add(z, lanes.load(h_before + j) - n, n));
    });
  }
}

void gru_backward(const CellStepGradient& gradient) {
  const CellStep& step = gradient.step;
  const Index units = step.units;
  const Pack one(1.0f);
  for (Index row = 0; row < step.batch; ++row) {
    float* gates = step.gates + row * step.gates_stride;
    const float* h_before = step.h_before + row * units;
    const float* d_h = gradient.d_h + row * units;
    float* d_h_before = gradient.d_h_before + row * units;
    simd::for_each_pack(units, [&](Index j, auto lanes) {
      const Pack n = lanes.load(gates + j);
      const Pack r = lanes.load(gates + units + j);
      const Pack z = lanes.load(gates + 2 * units + j);
      const Pack m = lanes.load(gates + 3 * units + j);
      const Pack d_output = lanes.load(d_h + j);
      const Pack d_sum = d_output * (one - z) * (one - n * n);
      lanes.store(gates + j, d_sum);
      lanes.store(gates + units + j, d_sum * m * r * (one - r));
      lanes.store(gates + 2 * units + j, d_output * (lanes.load(h_before + j) - n) * z * (one - z));
      lanes.store(gates + 3 * units + j, d_sum * r);
      lanes.store(d_h_before + j, simd::multiply_add(d_output, z, lanes.load(d_h_before + j)));
    });
  }
}

}  // namespace kernelgarten
