#include "engine/inspect/inspector.hpp"

#include <algorithm>
#include <iterator>

namespace kernelgarten {

std::vector<LayerInspection> Inspector::forward() {
  example_.forward();
  std::vector<LayerInspection> layers;
  for (const Stage& stage : network_.stages()) {
    const std::span<const float> activation = example_.activation(stage.index);
    layers.push_back({stage.name,
                      stage.output_shape,
                      {activation.begin(), activation.end()},
                      {},
                      stage.layer->forward_traces(example_.saved(stage.index))});
  }
  return layers;
}

void Inspector::backward(std::vector<LayerInspection>& layers) {
  example_.backward();
  for (const Stage& stage : network_.stages()) {
    LayerInspection& layer = layers[stage.index];
    const std::span<const float> gradient = example_.gradient(stage.index);
    layer.gradient.assign(gradient.begin(), gradient.end());
    std::ranges::move(stage.layer->backward_traces(example_.saved(stage.index)),
                      std::back_inserter(layer.traces));
  }
}

}  // namespace kernelgarten
