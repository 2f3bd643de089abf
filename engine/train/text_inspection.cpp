#include "engine/train/text_inspection.hpp"

#include <algorithm>

#include "engine/inspect/inspector.hpp"
#include "engine/tensor/check.hpp"
#include "engine/train/objective.hpp"

namespace kernelgarten {

TextInspection inspect_text(const Network& trained, const NetworkSpec& spec,
                            const Vocabulary& vocabulary, std::string_view utf8,
                            std::optional<Index> target) {
  const std::u32string text = decode_utf8(utf8);
  const auto count = static_cast<Index>(text.size());
  check(count >= 1 && count <= kMostInspected, "[inspect] expected a text of 1 to ", kMostInspected,
        " characters, got ", count);
  check(!target || (*target >= 1 && *target < count),
        "[inspect] the target must be the place of a character that others come before, from 1 to ",
        count - 1, ", got ", target.value_or(0));
  const std::vector<std::uint16_t> symbols = vocabulary.symbols(text);
  Network network(with_steps(spec, count));
  network.take_weights(trained);
  Inspector inspector(network);
  std::ranges::copy(symbols, inspector.input().begin());
  TextInspection inspection{{}, inspector.forward()};

  const Index characters = vocabulary.size();
  Objective objective(Loss::kSoftmaxCrossEntropy, 1, characters);
  std::vector<float> next(static_cast<std::size_t>(characters),
                          1.0f / static_cast<float>(characters));
  const float* logits = inspector.output().data();
  for (const std::uint16_t symbol : symbols) {
    inspection.probabilities.push_back(next[symbol]);
    objective.probabilities(next.data(), logits, 1);
    logits += characters;
  }
  if (target) {
    const std::int32_t wanted = symbols[static_cast<std::size_t>(*target)];
    const Index row = (*target - 1) * characters;
    std::ranges::fill(inspector.output_gradient(), 0.0f);
    objective.compute(inspector.output_gradient().data() + row, inspector.output().data() + row,
                      {&wanted, 1});
    inspector.backward(inspection.layers);
  }
  return inspection;
}

}  // namespace kernelgarten
