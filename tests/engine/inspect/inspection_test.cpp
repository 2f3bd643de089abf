#include "engine/inspect/inspection.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {

TEST_CASE("inspection: statistics of each layer's parameters and gradients") {
  Network network({{2}, {LayerSpec{DenseSpec{1}, "first"}, ReluSpec{}, DenseSpec{2}}, 1});
  const Floats weights{1, 2, 6}, gradients{3, 0, 4};
  std::ranges::copy(weights, network.parameters().begin());
  std::ranges::copy(gradients, network.gradients().begin());
  const auto statistics = layer_statistics(network);
  REQUIRE(statistics.size() == 3);
  CHECK(statistics[0].name == "first");
  CHECK(statistics[0].weight_mean == doctest::Approx(3.0));
  CHECK(statistics[0].weight_std == doctest::Approx(std::sqrt(14.0 / 3.0)));
  CHECK(statistics[0].gradient_norm == doctest::Approx(5.0));
  CHECK(std::isnan(statistics[1].weight_mean));
  CHECK(std::isnan(statistics[1].weight_std));
  CHECK(std::isnan(statistics[1].gradient_norm));
  CHECK(statistics[2].gradient_norm == 0.0);
}

}  // namespace kernelgarten::test
