#pragma once

#include "engine/train/classifier.hpp"
#include "tests/engine/synthetic_data.hpp"

namespace kernelgarten::test {

/// A small network of the article's kind for bar_images of side 10.
inline NetworkSpec small_cnn() {
  return {{10, 10, 1},
          {Conv2dSpec{.filters = 4}, ReluSpec{}, MaxPool2dSpec{}, FlattenSpec{}, DenseSpec{10}},
          1};
}

/// A recurrent layer that puts out every step.
inline RecurrentFields every_step(Index units) {
  return {.units = units, .return_sequences = true};
}

inline TrainingSpec training_of(Index batch_size, Loss loss = Loss::kSoftmaxCrossEntropy,
                                const OptimizerSpec& optimizer = {.learning_rate = 0.01}) {
  return {batch_size, loss, optimizer, 1};
}

}  // namespace kernelgarten::test
