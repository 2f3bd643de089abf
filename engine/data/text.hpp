#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor/shape.hpp"

namespace kernelgarten {

/// Code points of UTF-8 text. Throws InvalidData naming the first byte that is not part of one.
std::u32string decode_utf8(std::string_view bytes);
/// UTF-8 of code points.
std::string encode_utf8(std::u32string_view text);

/// The different characters of a text, Unicode code points, in ascending order. A symbol is the
/// place of a character among them.
class Vocabulary {
 public:
  explicit Vocabulary(std::u32string_view text);

  Index size() const { return static_cast<Index>(characters_.size()); }
  const std::u32string& characters() const { return characters_; }
  char32_t character(Index symbol) const { return characters_[static_cast<std::size_t>(symbol)]; }
  std::optional<Index> symbol(char32_t character) const;
  /// The symbols of a text. Throws InvalidData naming a character that it does not have.
  std::vector<std::uint16_t> symbols(std::u32string_view text) const;

 private:
  std::u32string characters_;
};

/// A text as symbols of its own vocabulary.
class Text {
 public:
  /// Throws InvalidData where the bytes are not UTF-8, and where the text is empty or has more
  /// different characters than `kMostCharacters`.
  static Text from_utf8(std::string_view bytes);

  /// An output for each makes a large network already.
  static constexpr Index kMostCharacters = 20000;

  const Vocabulary& vocabulary() const { return vocabulary_; }
  std::span<const std::uint16_t> symbols() const { return symbols_; }

 private:
  explicit Text(std::u32string_view text);

  Vocabulary vocabulary_;
  std::vector<std::uint16_t> symbols_;
};

}  // namespace kernelgarten
