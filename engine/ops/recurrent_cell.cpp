#include "engine/ops/recurrent_cell.hpp"

#include "engine/ops/elman_cell.hpp"
#include "engine/ops/gru_cell.hpp"
#include "engine/ops/lstm_cell.hpp"

namespace kernelgarten {

namespace {

constexpr std::string_view kLstmGates[] = {"input_gate", "forget_gate", "candidate", "output_gate"};
constexpr std::string_view kGruGates[] = {"candidate", "reset_gate", "update_gate"};

}  // namespace

const Cell& cell_of(CellKind kind) {
  static constexpr Cell kElmanTanh{1, 1, 0, 1, false, elman_tanh_forward, elman_tanh_backward, {}};
  static constexpr Cell kElmanRelu{1, 1, 0, 1, false, elman_relu_forward, elman_relu_backward, {}};
  static constexpr Cell kLstm{4, 4, 0, 4, true, lstm_forward, lstm_backward, kLstmGates};
  static constexpr Cell kGru{4, 3, 1, 3, false, gru_forward, gru_backward, kGruGates};
  switch (kind) {
    case CellKind::kElmanTanh:
      return kElmanTanh;
    case CellKind::kElmanRelu:
      return kElmanRelu;
    case CellKind::kLstm:
      return kLstm;
    default:
      return kGru;
  }
}

}  // namespace kernelgarten
