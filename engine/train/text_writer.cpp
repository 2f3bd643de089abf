#include "engine/train/text_writer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/ops/softmax.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten {
TextWriter::TextWriter(std::shared_ptr<const Text> text, const NetworkSpec& network)
    : text_(std::move(text)),
      reader_(network),
      probabilities_(static_cast<std::size_t>(text_->vocabulary().size())),
      chances_(probabilities_.size()),
      order_(probabilities_.size()) {}

void TextWriter::forget(std::uint32_t seed) {
  random_ = Random(seed, random_stream(RandomUse::kSampling, 0));
  reader_.forget();
}

void TextWriter::read(std::string_view utf8) {
  for (const Index symbol : text_->vocabulary().symbols(decode_utf8(utf8))) read_symbol(symbol);
}

void TextWriter::read_symbol(Index symbol) {
  reader_.input().front() = static_cast<float>(symbol);
  const std::span<const float> logits = reader_.read();
  softmax_forward(probabilities_.data(), logits.data(), 1, static_cast<Index>(logits.size()));
}

std::string TextWriter::write(Index count, const Sampling& sampling) {
  check(sampling.temperature >= 0.0 && std::isfinite(sampling.temperature),
        "[sampling] temperature must be 0 or a positive number, got ", sampling.temperature);
  check(sampling.top_k >= 0, "[sampling] top k must be 0 (all) or a positive number, got ",
        sampling.top_k);
  std::u32string written;
  for (Index i = 0; i < count; ++i) {
    const Index symbol = reader_.has_read()
                             ? draw(sampling)
                             : static_cast<Index>(random_.below(
                                   static_cast<std::uint32_t>(text_->vocabulary().size())));
    written += text_->vocabulary().character(symbol);
    read_symbol(symbol);
  }
  return encode_utf8(written);
}

/// chances = softmax(logits / temperature) of the most probable; drawn by where a uniform number
/// falls in their sum.
Index TextWriter::draw(const Sampling& sampling) {
  const std::span<const float> logits = reader_.output();
  const auto all = static_cast<Index>(order_.size());
  const Index kept = sampling.top_k == 0 ? all : std::min(sampling.top_k, all);
  std::iota(order_.begin(), order_.end(), std::uint16_t{0});
  // Equal logits in the order of their symbols, so that the draw is the same everywhere.
  std::partial_sort(order_.begin(), order_.begin() + kept, order_.end(),
                    [logits](std::uint16_t a, std::uint16_t b) {
                      return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
                    });
  if (sampling.temperature == 0.0) return order_.front();
  const double largest = static_cast<double>(logits[order_.front()]);
  double sum = 0.0;
  for (Index i = 0; i < kept; ++i) {
    const auto place = static_cast<std::size_t>(i);
    const double logit = static_cast<double>(logits[order_[place]]);
    chances_[place] = std::exp((logit - largest) / sampling.temperature);
    sum += chances_[place];
  }
  double left = sum * double{random_.uniform()};
  for (Index i = 0; i < kept; ++i) {
    left -= chances_[static_cast<std::size_t>(i)];
    if (left < 0.0) return order_[static_cast<std::size_t>(i)];
  }
  return order_.front();
}

}  // namespace kernelgarten
