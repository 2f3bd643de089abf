#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/data/text.hpp"
#include "engine/inspect/inspection.hpp"

namespace kernelgarten {

/// Longer texts than this are not looked at: every layer's numbers are kept for each character.
inline constexpr Index kMostInspected = 2000;

/// What a network makes of a text that it reads from the beginning.
struct TextInspection {
  /// One for each character: how probable the network held it to be after reading those before.
  /// Before the first nothing was read; all characters of the vocabulary have equal chances.
  std::vector<float> probabilities;
  std::vector<LayerInspection> layers;
};

/// Reads a text at once with the weights of `trained`, a network of that spec whatever the number
/// of its steps. With `target` = t the layers' gradients are those of -ln probabilities[t]: the
/// gradient [characters, units] at an embedding's output tells on which earlier characters that
/// depends. Throws InvalidArgument unless there are 1 to kMostInspected characters and the target
/// has one before it, InvalidData where the text is not UTF-8 or the vocabulary lacks a character.
TextInspection inspect_text(const Network& trained, const NetworkSpec& spec,
                            const Vocabulary& vocabulary, std::string_view utf8,
                            std::optional<Index> target);

}  // namespace kernelgarten
