#include "engine/train/latents.hpp"

#include <algorithm>

namespace kernelgarten {

Latents::Latents(Index most, Index noise_size, Index classes)
    : noise_size_(noise_size),
      classes_(classes),
      rows_(static_cast<std::size_t>(most * row_size())),
      labels_(static_cast<std::size_t>(most)) {}

void Latents::draw(Index count, std::uint32_t seed, Index generation) {
  Random random(seed, random_stream(RandomUse::kLatent, static_cast<std::uint64_t>(generation)));
  float* row = rows_.data();
  for (std::int32_t& label : std::span(labels_).first(static_cast<std::size_t>(count))) {
    std::generate_n(row, noise_size_, [&] { return random.normal(); });
    row += noise_size_;
    if (classes_ == 0) continue;
    label = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(classes_)));
    std::fill_n(row, classes_, 0.0f);
    row[label] = 1.0f;
    row += classes_;
  }
}

}  // namespace kernelgarten
