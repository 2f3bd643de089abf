#include "engine/data/text.hpp"

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {

using doctest::Contains;

namespace {

doctest::String refusal(std::string_view bytes) {
  return message_of<InvalidData>([&] { decode_utf8(bytes); });
}

}  // namespace

TEST_CASE("text: UTF-8 of one to four bytes, there and back") {
  const std::u32string text =
      U"a\u007F\u0080\u07FF\u0800\u4E2D\uD7FF\uE000\uFFFD\U00010000\U0001F600\U0010FFFF";
  CHECK(encode_utf8(U"aé中😀") == "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
  CHECK(decode_utf8(encode_utf8(text)) == text);
  CHECK(decode_utf8("").empty());
  std::u32string all;
  for (char32_t c = 0; c <= 0x10FFFF; c += 97) {
    if (c < 0xD800 || c > 0xDFFF) all += c;
  }
  CHECK(decode_utf8(encode_utf8(all)) == all);
}

TEST_CASE("text: bytes that are not UTF-8 are named by their place") {
  CHECK(refusal("ab\x80") == Contains("byte 2"));
  CHECK(refusal("\xC3") == Contains("byte 0"));              // cut off
  CHECK(refusal("x\xE4\xB8") == Contains("byte 1"));         // cut off
  CHECK(refusal("\xC3(") == Contains("byte 0"));             // no continuation
  CHECK(refusal("\xC0\xAF") == Contains("byte 0"));          // longer than needed
  CHECK(refusal("\xE0\x80\xAF") == Contains("byte 0"));      // longer than needed
  CHECK(refusal("\xED\xA0\x80") == Contains("byte 0"));      // a surrogate
  CHECK(refusal("\xF4\x90\x80\x80") == Contains("byte 0"));  // past the last code point
  CHECK(refusal("\xFF") == Contains("expected UTF-8"));
}

TEST_CASE("text: symbols are places in the sorted vocabulary") {
  const Text text = Text::from_utf8("banana 中é");
  CHECK(text.vocabulary().characters() == U" abné中");
  const auto symbols = text.symbols();
  CHECK(std::vector<int>(symbols.begin(), symbols.end()) ==
        std::vector<int>{2, 1, 3, 1, 3, 1, 0, 5, 4});
  CHECK(text.vocabulary().symbol(U'n') == Index{3});
  CHECK_FALSE(text.vocabulary().symbol(U'c').has_value());
  CHECK_FALSE(text.vocabulary().symbol(U'\u4E2E').has_value());
  CHECK(text.vocabulary().character(5) == U'中');
}

TEST_CASE("text: empty, and with too many different characters") {
  CHECK(message_of<InvalidData>([] { Text::from_utf8(""); }) == Contains("empty"));
  std::u32string many;
  for (char32_t c = 0; c <= Text::kMostCharacters; ++c) many += 0x4E00 + c;
  CHECK(message_of<InvalidData>([&] { Text::from_utf8(encode_utf8(many)); }) ==
        Contains("20000 different characters, got 20001"));
}

}  // namespace kernelgarten::test
