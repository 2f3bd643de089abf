#include "engine/data/text_streams.hpp"

#include <numeric>

#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

std::vector<std::uint16_t> counting(std::size_t count) {
  std::vector<std::uint16_t> symbols(count);
  std::iota(symbols.begin(), symbols.end(), std::uint16_t{0});
  return symbols;
}

}  // namespace

TEST_CASE("text streams: windows go on where the last one ended, and what follows is one further") {
  const auto symbols = counting(27);
  const TextStreams streams(symbols, 2, 4, "the text");
  CHECK(streams.windows() == 3);
  Floats window = poison(4);
  std::vector<std::int32_t> next(4);
  for (const Index stream : {0, 1}) {
    for (const Index place : {0, 1, 2}) {
      streams.load(window.data(), stream, place);
      streams.load_next(next.data(), stream, place);
      for (Index i = 0; i < 4; ++i) {
        const Index expected = stream * 13 + place * 4 + i;
        CHECK(window[static_cast<std::size_t>(i)] == static_cast<float>(expected));
        CHECK(next[static_cast<std::size_t>(i)] == expected + 1);
      }
    }
  }
}

TEST_CASE("text streams: the shortest text, and one too short") {
  const auto symbols = counting(9);
  CHECK(TextStreams(symbols, 2, 4, "the text").windows() == 1);
  CHECK(TextStreams(symbols, 1, 8, "the text").windows() == 1);
  const auto message = message_of<InvalidArgument>([&] { TextStreams(symbols, 2, 5, "the text"); });
  CHECK(message == doctest::Contains("the text has 9 characters; expected at least 11"));
  CHECK(message_of<InvalidArgument>([&] { TextStreams(symbols, 0, 5, "the text"); }) ==
        doctest::Contains("batch size must be at least 1"));
  CHECK(message_of<InvalidArgument>([&] { TextStreams(symbols, 1, 0, "the text"); }) ==
        doctest::Contains("at least 1 step"));
}

}  // namespace kernelgarten::test
