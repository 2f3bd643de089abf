#include "engine/layers/embedding_layer.hpp"

#include <algorithm>

#include "engine/ops/embedding.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {

EmbeddingLayer::EmbeddingLayer(const EmbeddingSpec& spec, const std::string& name,
                               const Shape& input)
    : spec_(spec), steps_(input.empty() ? 0 : input[0]) {
  check(input.size() == 1, "[", name, "] expected a list of symbols, got shape ", to_string(input));
  check(spec.vocabulary >= 1, "[", name, "] vocabulary must be at least 1, got ", spec.vocabulary);
  check(spec.units >= 1, "[", name, "] units must be at least 1, got ", spec.units);
}

std::vector<Parameter> EmbeddingLayer::parameters() const {
  return {{"weight",
           {spec_.vocabulary, spec_.units},
           spec_.weight_init,
           {spec_.vocabulary, spec_.units}}};
}

void EmbeddingLayer::forward(const LayerPass& pass) const {
  embedding_forward(pass.out, pass.in, pass.parameters,
                    {pass.batch * steps_, spec_.vocabulary, spec_.units});
}

void EmbeddingLayer::backward(const LayerPass& pass) const {
  if (pass.gradients != nullptr) {
    embedding_backward(pass.gradients, pass.d_out, pass.in,
                       {pass.batch * steps_, spec_.vocabulary, spec_.units});
  }
  if (pass.d_in != nullptr) std::fill_n(pass.d_in, pass.batch * steps_, 0.0f);
}

}  // namespace kernelgarten
