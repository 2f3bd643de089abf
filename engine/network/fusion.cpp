#include "engine/network/fusion.hpp"

#include "engine/layers/conv2d_relu_pool_layer.hpp"

namespace kernelgarten {
namespace {

template <class Spec>
const Spec* layer_at(const std::vector<LayerSpec>& layers, std::size_t index) {
  return index < layers.size() ? std::get_if<Spec>(&layers[index].kind) : nullptr;
}

/// The layer that computes the three from `index` on, if there is one.
std::shared_ptr<const Layer> fuse_conv2d_relu_pool(const std::vector<LayerSpec>& layers,
                                                   const std::vector<Stage>& stages,
                                                   std::size_t index) {
  const auto* conv = layer_at<Conv2dSpec>(layers, index);
  const auto* relu = layer_at<ReluSpec>(layers, index + 1);
  const auto* pool = layer_at<MaxPool2dSpec>(layers, index + 2);
  if (conv == nullptr || relu == nullptr || pool == nullptr) return nullptr;
  const Stage& stage = stages[index];
  if (!Conv2dReluPoolLayer::applies(*conv, *pool, stage.input_shape)) return nullptr;
  return std::make_shared<Conv2dReluPoolLayer>(*conv, stage.name, stage.input_shape);
}

}  // namespace

std::vector<Stage> fuse_stages(const std::vector<LayerSpec>& layers,
                               const std::vector<Stage>& stages) {
  std::vector<Stage> fused;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    fused.push_back(stages[i]);
    if (auto layer = fuse_conv2d_relu_pool(layers, stages, i)) {
      fused.back().output_shape = layer->output_shape();
      fused.back().layer = std::move(layer);
      i += 2;
    }
  }
  return fused;
}

}  // namespace kernelgarten
