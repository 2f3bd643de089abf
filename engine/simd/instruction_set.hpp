#pragma once

namespace kernelgarten {

/// The vector instructions that the engine runs with, in xsimd's words: "sse2", "fma3+avx2",
/// "avx512bw", "arm64+neon", "wasm" ...
const char* instruction_set();

}  // namespace kernelgarten
