#include "engine/data/text_streams.hpp"

#include <algorithm>

#include "engine/tensor/check.hpp"

namespace kernelgarten {

TextStreams::TextStreams(std::span<const std::uint16_t> symbols, Index streams, Index steps,
                         const char* what)
    : symbols_(symbols),
      streams_(streams),
      steps_(steps),
      // The last symbol of all has none that follows.
      stream_length_((static_cast<Index>(symbols.size()) - 1) / std::max<Index>(streams, 1)) {
  check(streams >= 1, "[training] batch size must be at least 1, got ", streams);
  check(steps >= 1, "[training] a sequence must have at least 1 step, got ", steps);
  check(stream_length_ >= steps, "[text] ", what, " has ", symbols.size(),
        " characters; expected at least ", streams * steps + 1, " for ", streams, " sequences of ",
        steps, "; take a longer text, fewer sequences or shorter ones");
}

void TextStreams::load(float* to, Index stream, Index window) const {
  std::transform(at(stream, window), at(stream, window) + steps_, to,
                 [](std::uint16_t symbol) { return static_cast<float>(symbol); });
}

void TextStreams::load_next(std::int32_t* to, Index stream, Index window) const {
  std::copy_n(at(stream, window) + 1, steps_, to);
}

}  // namespace kernelgarten
