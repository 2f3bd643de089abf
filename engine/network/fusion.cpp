#include "engine/network/fusion.hpp"

#include "engine/layers/conv2d_relu_pool_layer.hpp"
#include "engine/layers/dense_relu_layer.hpp"

namespace kernelgarten {
namespace {

template <class Spec>
const Spec* layer_at(const std::vector<LayerSpec>& layers, std::size_t index) {
  return index < layers.size() ? std::get_if<Spec>(&layers[index].kind) : nullptr;
}

/// The layer that computes `count` neighbours, null if there is none.
struct Fused {
  std::shared_ptr<const Layer> layer;
  std::size_t count = 0;
};

Fused fuse_conv2d_relu_pool(const std::vector<LayerSpec>& layers, const Stage& stage,
                            std::size_t index) {
  const auto* conv = layer_at<Conv2dSpec>(layers, index);
  const auto* relu = layer_at<ReluSpec>(layers, index + 1);
  const auto* pool = layer_at<MaxPool2dSpec>(layers, index + 2);
  if (conv == nullptr || relu == nullptr || pool == nullptr) return {};
  if (!Conv2dReluPoolLayer::applies(*conv, *pool, stage.input_shape)) return {};
  return {std::make_shared<Conv2dReluPoolLayer>(*conv, stage.name, stage.input_shape), 3};
}

Fused fuse_dense_relu(const std::vector<LayerSpec>& layers, const Stage& stage, std::size_t index) {
  const auto* dense = layer_at<DenseSpec>(layers, index);
  if (dense == nullptr || layer_at<ReluSpec>(layers, index + 1) == nullptr) return {};
  return {std::make_shared<DenseReluLayer>(*dense, stage.name, stage.input_shape), 2};
}

/// The longest run of neighbours from `index` on that one layer computes.
Fused fuse_at(const std::vector<LayerSpec>& layers, const Stage& stage, std::size_t index) {
  Fused fused = fuse_conv2d_relu_pool(layers, stage, index);
  return fused.layer != nullptr ? fused : fuse_dense_relu(layers, stage, index);
}

}  // namespace

std::vector<Stage> fuse_stages(const std::vector<LayerSpec>& layers,
                               const std::vector<Stage>& stages) {
  std::vector<Stage> fused;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    fused.push_back(stages[i]);
    if (auto [layer, count] = fuse_at(layers, stages[i], i); layer != nullptr) {
      fused.back().output_shape = layer->output_shape();
      fused.back().layer = std::move(layer);
      i += count - 1;
    }
  }
  return fused;
}

}  // namespace kernelgarten
