// That the dynamic loader chose the library of the level that ctest allows it, and that a program
// compiled for another level gets on with it.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string_view>

#include "engine/simd/instruction_set.hpp"
#include "engine/tensor/check.hpp"
#include "tests/engine/train/training_setups.hpp"

#if defined(XSIMD_HPP)
#error "The engine's public interface includes xsimd, which differs between instruction sets."
#endif

namespace kernelgarten::test {
namespace {

struct Level {
  std::string_view name;
  bool supported;
  std::string_view instructions;
};

Level expected_level() {
  const Level levels[] = {
      {"x86-64", true, "sse2"},
      {"x86-64-v3", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"), "fma3+avx2"},
      {"x86-64-v4", __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"),
       "avx512bw"},
  };
  const char* name = std::getenv("KERNELGARTEN_LEVEL");
  REQUIRE(name != nullptr);
  for (const Level& level : levels) {
    if (level.name == name) return level;
  }
  FAIL("KERNELGARTEN_LEVEL names no level: ", name);
  return {};
}

}  // namespace

TEST_CASE("dispatch: the best level that is allowed runs") {
  const Level level = expected_level();
  if (!level.supported) {
    MESSAGE("this processor does not have ", level.name);
    return;
  }
  CHECK(std::string_view(instruction_set()) == level.instructions);
}

TEST_CASE("dispatch: an error of the engine is caught by its type in the program") {
  const auto data = bar_images(20).shared();
  CHECK_THROWS_AS(Classifier(data, data, small_cnn(), training_of(0)), InvalidArgument);
}

}  // namespace kernelgarten::test
