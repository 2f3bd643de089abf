#include "engine/io/json_scanner.hpp"

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

/// What stands behind a backslash, and what it stands for.
constexpr std::string_view kEscapes = "\"\\/bfnrt";
constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_control(char character) { return static_cast<unsigned char>(character) < 0x20; }

}  // namespace

std::string to_json(std::string_view text) {
  std::string json = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      json += '\\';
      json += character;
    } else if (is_control(character)) {
      const auto code = static_cast<std::size_t>(character);
      json += "\\u00";
      json += {kHexDigits[code / 16], kHexDigits[code % 16]};
    } else {
      json += character;
    }
  }
  return json + '"';
}

void JsonScanner::fail(const std::string& expected) const {
  throw InvalidData(concat("[safetensors] expected ", expected, " at byte ", place_,
                           " of the header; the file is damaged, or of another kind"));
}

void JsonScanner::skip_space() {
  constexpr std::string_view kSpace = " \t\n\r";
  while (place_ < text_.size() && kSpace.find(text_[place_]) != kSpace.npos) ++place_;
}

bool JsonScanner::accept(char character) {
  skip_space();
  if (place_ == text_.size() || text_[place_] != character) return false;
  ++place_;
  return true;
}

void JsonScanner::expect(char character) {
  if (!accept(character)) fail(std::string(1, character));
}

void JsonScanner::expect_end() {
  skip_space();
  if (place_ != text_.size()) fail("nothing more");
}

char JsonScanner::next() {
  if (place_ == text_.size()) fail("more");
  return text_[place_++];
}

void JsonScanner::key(std::string_view name) {
  if (string() != name) fail(concat("\"", name, "\" before what is"));
  expect(':');
}

std::string JsonScanner::string() {
  expect('"');
  std::string text;
  for (char character = next(); character != '"'; character = next()) {
    if (is_control(character)) fail("no control character");
    text += character == '\\' ? escaped() : character;
  }
  return text;
}

char JsonScanner::escaped() {
  const char kind = next();
  const std::size_t place = kEscapes.find(kind);
  if (place != kEscapes.npos) return kEscaped[place];
  if (kind != 'u') fail("another escape");
  std::size_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const std::size_t digit = kHexDigits.find(next());
    if (digit == kHexDigits.npos) fail("a digit from 0 to f");
    code = 16 * code + digit;
  }
  if (code >= 0x80) fail("an ASCII character");
  return static_cast<char>(code);
}

std::uint64_t JsonScanner::number(std::uint64_t most) {
  skip_space();
  const std::size_t begin = place_;
  std::uint64_t value = 0;
  for (; place_ < text_.size() && text_[place_] >= '0' && text_[place_] <= '9'; ++place_) {
    value = 10 * value + static_cast<std::uint64_t>(text_[place_] - '0');
    if (value > most) fail(concat("a number up to ", most));
  }
  if (place_ == begin) fail("a number");
  return value;
}

}  // namespace kernelgarten
