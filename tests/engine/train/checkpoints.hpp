#pragma once

#include <cstring>

#include "engine/io/safetensors.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"

namespace kernelgarten::test {

/// The checkpoint with a part of it changed.
template <class T>
Bytes with_values(const Bytes& checkpoint, const std::string& name, T value) {
  Bytes changed = checkpoint;
  const auto place = read_safetensors(checkpoint).tensors.at(name).bytes;
  std::uint8_t* to = changed.data() + (place.data() - checkpoint.data());
  REQUIRE(!place.empty());
  for (std::size_t i = 0; i < place.size(); i += sizeof value) {
    std::memcpy(to + i, &value, sizeof value);
  }
  return changed;
}

/// What `model` says when it refuses; it must be as before then.
template <class Error, class Model>
doctest::String refusal(Model& model, const Bytes& checkpoint) {
  const Bytes before = model.checkpoint();
  const auto message = message_of<Error>([&] { model.restore(checkpoint); });
  CHECK(model.checkpoint() == before);
  return message;
}

}  // namespace kernelgarten::test
