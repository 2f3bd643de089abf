#include "engine/train/gan_inference.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// Where an example's output stands among those of the discriminator.
std::size_t place_of(Index example, std::span<const std::int32_t> labels) {
  return labels.empty() ? 0 : static_cast<std::size_t>(labels[static_cast<std::size_t>(example)]);
}

}  // namespace

GanInference::GanInference(Network& generator, Network& discriminator, Index classes,
                           AdversarialLoss loss, Index batch_size,
                           const std::shared_ptr<ThreadPool>& pool)
    : classes_(classes),
      loss_(loss),
      noise_size_(element_count(generator.input_shape()) - classes),
      example_size_(element_count(discriminator.input_shape())),
      outputs_(element_count(discriminator.output_shape())),
      generation_(generator, batch_size, pool),
      discrimination_(discriminator, batch_size, pool),
      single_(discriminator, Keep::kNeeded) {}

Index GanInference::count_examples(const char* what, std::size_t numbers, Index size,
                                   std::span<const std::int32_t> labels) const {
  const auto total = static_cast<Index>(numbers);
  check(total % size == 0, "[", what, "] expected ", size, " numbers for each example, got ",
        total);
  const Index count = total / size, wanted = classes_ == 0 ? 0 : count;
  check(static_cast<Index>(labels.size()) == wanted, "[", what, "] expected ", wanted,
        " labels, got ", labels.size());
  for (const std::int32_t label : labels) {
    check(label >= 0 && label < classes_, "[", what, "] expected labels from 0 to ", classes_ - 1,
          ", got ", label);
  }
  return count;
}

std::vector<float> GanInference::generate(std::span<const float> noise,
                                          std::span<const std::int32_t> labels) {
  const Index count = count_examples("noise", noise.size(), noise_size_, labels);
  std::vector<float> examples(static_cast<std::size_t>(count * example_size_));
  generation_.run(
      {0, count}, {},
      [&](float* input, Examples chunk, int) {
        for (Index i = chunk.begin; i < chunk.end; ++i) {
          input = std::copy_n(noise.data() + i * noise_size_, noise_size_, input);
          if (classes_ == 0) continue;
          std::fill_n(input, classes_, 0.0f);
          input[place_of(i, labels)] = 1.0f;
          input += classes_;
        }
      },
      [&](float*, const float* outputs, Examples chunk, int) {
        std::copy_n(outputs, chunk.count() * example_size_,
                    examples.data() + chunk.begin * example_size_);
      });
  return examples;
}

std::vector<float> GanInference::discriminate(std::span<const float> examples,
                                              std::span<const std::int32_t> labels) {
  const Index count = count_examples("examples", examples.size(), example_size_, labels);
  std::vector<float> verdicts(static_cast<std::size_t>(count));
  discrimination_.run(
      {0, count}, {},
      [&](float* input, Examples chunk, int) {
        std::copy_n(examples.data() + chunk.begin * example_size_, chunk.count() * example_size_,
                    input);
      },
      [&](float*, const float* outputs, Examples chunk, int) {
        for (Index i = chunk.begin; i < chunk.end; ++i, outputs += outputs_) {
          verdicts[static_cast<std::size_t>(i)] = verdict(outputs[place_of(i, labels)], loss_);
        }
      });
  return verdicts;
}

std::vector<float> GanInference::example_gradients(std::span<const float> examples,
                                                   std::span<const std::int32_t> labels) {
  const Index count = count_examples("examples", examples.size(), example_size_, labels);
  std::vector<float> gradients(examples.size());
  for (Index i = 0; i < count; ++i) {
    const std::size_t place = place_of(i, labels);
    std::copy_n(examples.data() + i * example_size_, example_size_, single_.input().data());
    single_.forward();
    const float output = single_.output()[place];
    const std::span<float> d_outputs = single_.output_gradient();
    std::ranges::fill(d_outputs, 0.0f);
    generator_loss(&d_outputs[place], &output, 1, loss_);
    single_.backward(gradients.data() + i * example_size_);
  }
  return gradients;
}

}  // namespace kernelgarten
