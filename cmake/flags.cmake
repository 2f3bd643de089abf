# kernelgarten_flags: what every target of this project is compiled with.
add_library(kernelgarten_flags INTERFACE)
target_compile_features(kernelgarten_flags INTERFACE cxx_std_20)

# No contraction of a * b + c behind our back: a fused product appears only where simd/ asks for
# it, so that one source gives the same bits wherever the instruction set is the same.
target_compile_options(kernelgarten_flags INTERFACE
  -ffp-contract=off -fno-math-errno -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  $<$<BOOL:${KERNELGARTEN_STRICT}>:-Werror>)

if(KERNELGARTEN_SANITIZE)
  target_compile_options(kernelgarten_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(kernelgarten_flags INTERFACE -fsanitize=address,undefined)
endif()

if(KERNELGARTEN_EMULATED_SIMD)
  target_compile_definitions(kernelgarten_flags INTERFACE
    XSIMD_WITH_EMULATED=1 "XSIMD_DEFAULT_ARCH=emulated<128>")
  # An xsimd that was packaged with xtl asks for its complex numbers, which the emulated lanes of
  # xsimd 13.2 spell wrongly. We use none.
  target_compile_options(kernelgarten_flags INTERFACE -UXSIMD_ENABLE_XTL_COMPLEX)
endif()

# GCC 12 takes its own AVX-512 headers for reading uninitialised registers.
set(kernelgarten_avx512_flags
  $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized>)
if(KERNELGARTEN_NATIVE_ARCH)
  target_compile_options(kernelgarten_flags INTERFACE -march=native ${kernelgarten_avx512_flags})
endif()

if(EMSCRIPTEN)
  # The warning is of slow JavaScript access to a heap that grows; the engine's work is all in C++.
  target_compile_options(kernelgarten_flags INTERFACE -msimd128 -fwasm-exceptions
    $<$<BOOL:${KERNELGARTEN_RELAXED_SIMD}>:-mrelaxed-simd>
    $<$<BOOL:${KERNELGARTEN_THREADS}>:-pthread>)
  target_link_options(kernelgarten_flags INTERFACE -fwasm-exceptions
    $<$<BOOL:${KERNELGARTEN_RELAXED_SIMD}>:-mrelaxed-simd>
    $<$<BOOL:${KERNELGARTEN_THREADS}>:-pthread;-Wno-pthreads-mem-growth>)
endif()
