#include "engine/data/text.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

constexpr char32_t kLargestCodePoint = 0x10FFFF;

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }
bool is_surrogate(char32_t character) { return character >= 0xD800 && character <= 0xDFFF; }

/// Bytes of a sequence, from its first one; 0 where none starts so.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

/// The code point that begins at `bytes`, and its length; nothing where there is none. A longer
/// form than needed, a surrogate or a number past Unicode's last is none.
struct Sequence {
  char32_t character;
  std::size_t length;
};
std::optional<Sequence> read_sequence(std::string_view bytes) {
  constexpr unsigned char kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const std::size_t length = sequence_length(byte(0));
  if (length == 0 || length > bytes.size()) return std::nullopt;
  char32_t character = byte(0) & kFirstBits[length];
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte(i))) return std::nullopt;
    character = character << 6 | (byte(i) & 0x3Fu);
  }
  if (character < kSmallest[length] || character > kLargestCodePoint || is_surrogate(character)) {
    return std::nullopt;
  }
  return Sequence{character, length};
}

void append_utf8(std::string& bytes, char32_t character) {
  const auto put = [&](char32_t value) { bytes += static_cast<char>(value); };
  const auto put_rest = [&](int shift) { put(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xC0 | character >> 6);
  } else {
    if (character < 0x10000) {
      put(0xE0 | character >> 12);
    } else {
      put(0xF0 | character >> 18);
      put_rest(12);
    }
    put_rest(6);
  }
  put_rest(0);
}

}  // namespace

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string text;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::optional<Sequence> sequence = read_sequence(bytes.substr(i));
    check<InvalidData>(sequence.has_value(), "[text] expected UTF-8, but byte ", i,
                       " does not begin a character; save the file as UTF-8");
    text += sequence->character;
    i += sequence->length;
  }
  return text;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t character : text) append_utf8(bytes, character);
  return bytes;
}

Vocabulary::Vocabulary(std::u32string_view text) : characters_(text) {
  std::ranges::sort(characters_);
  characters_.erase(std::unique(characters_.begin(), characters_.end()), characters_.end());
}

std::optional<Index> Vocabulary::symbol(char32_t character) const {
  const auto found = std::ranges::lower_bound(characters_, character);
  if (found == characters_.end() || *found != character) return std::nullopt;
  return found - characters_.begin();
}

std::vector<std::uint16_t> Vocabulary::symbols(std::u32string_view text) const {
  std::vector<std::uint16_t> symbols;
  symbols.reserve(text.size());
  for (const char32_t character : text) {
    const std::optional<Index> found = symbol(character);
    if (!found) {
      throw InvalidData(concat("[text] the character '", encode_utf8({&character, 1}),
                               "' does not occur in the text that was trained on"));
    }
    symbols.push_back(static_cast<std::uint16_t>(*found));
  }
  return symbols;
}

Text Text::from_utf8(std::string_view bytes) {
  const std::u32string text = decode_utf8(bytes);
  check<InvalidData>(!text.empty(), "[text] expected some characters, got an empty text");
  return Text(text);
}

Text::Text(std::u32string_view text) : vocabulary_(text) {
  check<InvalidData>(vocabulary_.size() <= kMostCharacters, "[text] expected at most ",
                     kMostCharacters, " different characters, got ", vocabulary_.size());
  symbols_ = vocabulary_.symbols(text);
}

}  // namespace kernelgarten
