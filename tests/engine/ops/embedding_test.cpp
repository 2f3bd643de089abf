#include "engine/ops/embedding.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {

TEST_CASE("embedding: looks rows up, and adds the gradients of each row") {
  const Floats table{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Floats symbols{2, 0, 2};
  Floats out = poison(9);
  embedding_forward(out.data(), symbols.data(), table.data(), {3, 3, 3});
  CHECK(out == Floats{7, 8, 9, 1, 2, 3, 7, 8, 9});
  Floats d_table = filled(9, 0.5f);
  const Floats d_out{1, 2, 3, 10, 20, 30, 100, 200, 300};
  embedding_backward(d_table.data(), d_out.data(), symbols.data(), {3, 3, 3});
  CHECK(d_table == Floats{10.5f, 20.5f, 30.5f, 0.5f, 0.5f, 0.5f, 101.5f, 202.5f, 303.5f});
}

TEST_CASE("embedding: no symbols, and rows of any width") {
  Floats d_table = filled(4, 0.0f);
  embedding_backward(d_table.data(), nullptr, nullptr, {0, 2, 2});
  CHECK(d_table == filled(4, 0.0f));
  for (const Index units : {1, 5, 17}) {
    const Floats table = random_values(3 * units, 1), d_out = random_values(units, 2);
    const Floats symbol{1};
    Floats out = poison(units), d = filled(3 * units, 0.0f);
    embedding_forward(out.data(), symbol.data(), table.data(), {1, 3, units});
    CHECK(out == Floats(table.begin() + units, table.begin() + 2 * units));
    embedding_backward(d.data(), d_out.data(), symbol.data(), {1, 3, units});
    CHECK(Floats(d.begin() + units, d.begin() + 2 * units) == d_out);
    CHECK(d[0] == 0.0f);
  }
}

}  // namespace kernelgarten::test
