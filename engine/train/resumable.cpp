#include "engine/train/resumable.hpp"

#include "engine/io/checkpoint.hpp"

namespace kernelgarten {

std::vector<std::uint8_t> Resumable::checkpoint() const {
  // One list serves to read and to write; writing changes nothing.
  auto& self = const_cast<Resumable&>(*this);
  return write_checkpoint([&self](StateVisitor& visit) { self.visit_state(visit); });
}

void Resumable::restore(std::span<const std::uint8_t> checkpoint) {
  const auto state = [this](StateVisitor& visit) { visit_state(visit); };
  const Safetensors content = read_safetensors(checkpoint);
  check_checkpoint(content, state);
  abandon_step();
  take_checkpoint(content, state);
}

}  // namespace kernelgarten
