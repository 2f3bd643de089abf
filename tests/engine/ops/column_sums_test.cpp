#include "engine/ops/column_sums.hpp"

#include "tests/engine/values.hpp"

namespace kernelgarten::test {

TEST_CASE("column_sums: closed form, added to what was there") {
  const Floats rows{1, 2, 3, 10, 20, 30};
  Floats sums{100, 200, 300};
  add_column_sums(sums.data(), rows.data(), 2, 3);
  CHECK(sums == Floats{111, 222, 333});
  add_column_sums(sums.data(), rows.data(), 0, 3);
  CHECK(sums == Floats{111, 222, 333});
}

TEST_CASE("column_sums: any number of columns") {
  for (Index columns = 1; columns <= 3 * simd::kLanes + 1; ++columns) {
    const Floats rows = random_values(7 * columns, 1);
    Floats sums = random_values(columns, 2);
    Doubles expected = widen(sums);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      expected[i % expected.size()] += static_cast<double>(rows[i]);
    }
    add_column_sums(sums.data(), rows.data(), 7, columns);
    check_close(sums, expected, 1e-6);
  }
}

}  // namespace kernelgarten::test
