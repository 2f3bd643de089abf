// kernelgarten_bench [MILLISECONDS WORK THREADS...]
//
// Prints one JSON object a line: the instruction set first, then the speed of the work with each
// number of threads and the multiply-add peak of one thread, measured right before.

#include <cstdlib>
#include <exception>
#include <iostream>

#include "bench/native/works.hpp"
#include "engine/simd/instruction_set.hpp"
#include "engine/tensor/check.hpp"

using namespace kernelgarten;

int main(int count, char** arguments) try {
  std::cout << R"({"instruction_set":")" << instruction_set() << "\"}\n";
  if (count == 1) return EXIT_SUCCESS;
  check(count >= 4, "usage: kernelgarten_bench [MILLISECONDS WORK THREADS...]");
  const double milliseconds = std::atof(arguments[1]);
  for (int i = 3; i < count; ++i) {
    const int threads = std::atoi(arguments[i]);
    const double peak = bench::measure("peak", 1, milliseconds / 4.0);
    const double value = bench::measure(arguments[2], threads, milliseconds);
    std::cout << R"({"threads":)" << threads << R"(,"value":)" << value << R"(,"peak":)" << peak
              << "}\n";
  }
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
