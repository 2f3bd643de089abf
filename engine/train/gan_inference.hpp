#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/losses/adversarial.hpp"
#include "engine/network/single_example.hpp"
#include "engine/train/inference.hpp"

namespace kernelgarten {

/// What the two networks of a GAN say when they are asked: samples of the generator, and what the
/// discriminator thinks of examples. In a conditional GAN every example has its class, in others
/// there are no labels. Throws InvalidArgument where numbers or labels do not fit the networks.
class GanInference {
 public:
  /// The networks outlive it.
  GanInference(Network& generator, Network& discriminator, Index classes, AdversarialLoss loss,
               Index batch_size, const std::shared_ptr<ThreadPool>& pool);

  Index noise_size() const { return noise_size_; }
  /// 0 unless the GAN is conditional.
  Index classes() const { return classes_; }

  /// What the generator makes of noise [n, noise_size].
  std::vector<float> generate(std::span<const float> noise, std::span<const std::int32_t> labels);
  /// The verdict on each of n examples.
  std::vector<float> discriminate(std::span<const float> examples,
                                  std::span<const std::int32_t> labels);
  /// For each of n examples the gradient of the generator's loss on it alone: against it lies what
  /// would make the discriminator take it for real.
  std::vector<float> example_gradients(std::span<const float> examples,
                                       std::span<const std::int32_t> labels);

  /// Bytes held.
  std::size_t memory() const {
    return generation_.memory() + discrimination_.memory() + single_.memory();
  }

 private:
  Index count_examples(const char* what, std::size_t numbers, Index size,
                       std::span<const std::int32_t> labels) const;

  Index classes_;
  AdversarialLoss loss_;
  Index noise_size_;
  Index example_size_;
  Index outputs_;
  Inference generation_;
  Inference discrimination_;
  SingleExample single_;
};

}  // namespace kernelgarten
