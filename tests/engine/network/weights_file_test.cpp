#include "engine/network/weights_file.hpp"

#include "engine/io/safetensors.hpp"
#include "engine/tensor/check.hpp"
#include "tests/engine/messages.hpp"
#include "tests/engine/synthetic_data.hpp"
#include "tests/engine/train/training_setups.hpp"
#include "tests/engine/values.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

NetworkSpec normalised(std::uint32_t seed, Index units = 10) {
  return {{6}, {DenseSpec{5}, BatchNormSpec{}, DropoutSpec{0.5}, DenseSpec{units}}, seed};
}

/// What is said when a network refuses a file; it must be as before then.
template <class Error>
doctest::String refusal(Network& network, const Bytes& file) {
  const Bytes before = write_weights(network);
  const auto message = message_of<Error>([&] { read_weights(network, file); });
  CHECK(write_weights(network) == before);
  return message;
}

}  // namespace

TEST_CASE("weights file: parameters and running statistics, and nothing else") {
  Network network(normalised(1));
  const Bytes file = write_weights(network);
  const Safetensors content = read_safetensors(file);
  CHECK(content.metadata.empty());
  std::vector<std::string> names;
  for (const auto& [name, tensor] : content.tensors) names.push_back(name);
  CHECK(names == std::vector<std::string>{"batch_norm_1.scale", "batch_norm_1.shift",
                                          "batch_norm_1.state", "dense_1.bias", "dense_1.weight",
                                          "dense_2.bias", "dense_2.weight"});
}

TEST_CASE("weights file: a network that reads it is the one that was written") {
  Network network(normalised(1)), other(normalised(2));
  std::ranges::fill(network.state(), 0.25f);
  const Bytes file = write_weights(network);
  REQUIRE(write_weights(other) != file);
  read_weights(other, file);
  CHECK(std::ranges::equal(other.parameters(), network.parameters()));
  CHECK(std::ranges::equal(other.state(), network.state()));
}

TEST_CASE("weights file: another network's, and a damaged one, are refused and change nothing") {
  Network network(normalised(1)), wider(normalised(1, 12));
  Network shallow({{6}, {DenseSpec{5}}, 1});
  CHECK(refusal<InvalidArgument>(network, write_weights(wider)) ==
        Contains("[dense_2.weight] expected F32 (5 x 10), the checkpoint has F32 (5 x 12)"));
  CHECK(refusal<InvalidArgument>(network, write_weights(shallow)) ==
        Contains("[batch_norm_1.scale] the checkpoint does not have it"));
  CHECK(refusal<InvalidArgument>(shallow, write_weights(network)) == Contains("but this network"));
  Bytes cut = write_weights(network);
  cut.pop_back();
  CHECK(refusal<InvalidData>(network, cut) != "nothing was thrown");
  CHECK(refusal<InvalidData>(network, {}) != "nothing was thrown");
}

TEST_CASE("weights file: that of a classifier is what it has learnt so far") {
  const auto data = bar_images(40).shared();
  Classifier classifier(data, data, small_cnn(), training_of(10));
  const Bytes start = write_weights(classifier.network());
  classifier.step();
  CHECK(write_weights(classifier.network()) != start);
  Network network(small_cnn());
  read_weights(network, write_weights(classifier.network()));
  CHECK(std::ranges::equal(network.parameters(), classifier.network().parameters()));
  CHECK(refusal<InvalidArgument>(network, classifier.checkpoint()) ==
        Contains("but this network or its optimizer has not"));
}

}  // namespace kernelgarten::test
