#include "engine/network/weights_file.hpp"

#include "engine/io/checkpoint.hpp"

namespace kernelgarten {
namespace {

VisitState state_of(Network& network) {
  return [&network](StateVisitor& visit) { network.visit_state(visit); };
}

}  // namespace

std::vector<std::uint8_t> write_weights(Network& network) {
  return write_checkpoint(state_of(network));
}

void read_weights(Network& network, std::span<const std::uint8_t> file) {
  const Safetensors content = read_safetensors(file);
  check_checkpoint(content, state_of(network));
  take_checkpoint(content, state_of(network));
}

}  // namespace kernelgarten
