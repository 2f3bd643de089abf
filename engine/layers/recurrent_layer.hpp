#pragma once

#include "engine/layers/layer.hpp"
#include "engine/ops/recurrent.hpp"

namespace kernelgarten {

/// A cell that reads sequences [steps, inputs], or two, one of them from the end. Parameters of
/// each: input_weight, recurrent_weight, bias and, for a cell that has it, recurrent_bias, those of
/// the second called reverse_*. The output is [steps, units], or [units] of the last step taken,
/// the two cells' side by side.
class RecurrentLayer : public Layer {
 public:
  RecurrentLayer(CellKind cell, const RecurrentFields& spec, const std::string& name,
                 const Shape& input);

  Shape output_shape() const override;
  std::vector<Parameter> parameters() const override;
  Index saved_size(Index batch) const override;
  Index scratch_size(Index batch) const override;
  /// A cell that reads from the end has nothing to carry on.
  Index carried_size() const override;
  double flops() const override;
  bool treats_steps_alike() const override { return !spec_.bidirectional; }
  /// hidden, memory and what comes out of the gates, each [steps, units]; those of the cell that
  /// reads from the end are called reverse_*.
  std::vector<Trace> forward_traces(float* saved) const override;
  /// hidden_gradient [steps, units]: of the loss with respect to each step's output, through all
  /// that it has an effect on.
  std::vector<Trace> backward_traces(float* saved) const override;
  void forward(const LayerPass& pass) const override;
  void backward(const LayerPass& pass) const override;

 protected:
  Index directions() const { return spec_.bidirectional ? 2 : 1; }
  RecurrentParams params(Index batch, Index direction) const;
  /// Where the parameters of a direction begin.
  template <class T>
  RecurrentWeights<T> weights(T* parameters, Index direction) const;

 private:
  Index parameters_of_direction() const;
  template <class T>
  StepRows<T> rows(T* outputs, Index direction) const;
  /// For each cell, with its trace.
  template <class Visit>
  void for_each_trace(float* saved, Visit visit) const;

  CellKind cell_;
  RecurrentFields spec_;
  Index steps_, inputs_;
};

/// An LSTM whose forget gates start with a bias.
class LstmLayer : public RecurrentLayer {
 public:
  LstmLayer(const LstmSpec& spec, const std::string& name, const Shape& input);

  void adjust_initial_parameters(std::span<float> values) const override;

 private:
  double forget_bias_;
};

}  // namespace kernelgarten
