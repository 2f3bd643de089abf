# kernelgarten_add_library: a library whose speed depends on the instruction set it is compiled for.
#
# With KERNELGARTEN_DISPATCH it is compiled once for each x86-64 level (System V ABI, "micro-
# architecture levels"), as shared libraries of one name in folders where the dynamic loader of
# glibc 2.33 or newer looks first for the best level that the processor has.

set(kernelgarten_levels "")
if(KERNELGARTEN_DISPATCH)
  if(CMAKE_SYSTEM_NAME STREQUAL Linux AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64"
     AND NOT EMSCRIPTEN)
    set(kernelgarten_levels x86-64-v3 x86-64-v4)
  else()
    message(STATUS "KERNELGARTEN_DISPATCH: only on x86-64 with glibc; building one static library")
  endif()
endif()
if(kernelgarten_levels AND (KERNELGARTEN_NATIVE_ARCH OR KERNELGARTEN_EMULATED_SIMD))
  message(FATAL_ERROR "KERNELGARTEN_DISPATCH compiles for every machine: switch off "
                      "KERNELGARTEN_NATIVE_ARCH and KERNELGARTEN_EMULATED_SIMD")
endif()

if(kernelgarten_levels)
  # For a zlib that is fetched and becomes a part of the shared libraries.
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

# kernelgarten_add_library(TARGET NAME SOURCE...): sets TARGET_targets to all targets that it makes.
# TARGET is what users link to: the only one, or that of the lowest level.
function(kernelgarten_add_library target name)
  if(NOT kernelgarten_levels)
    add_library(${target} STATIC ${ARGN})
    set(${target}_targets ${target} PARENT_SCOPE)
    return()
  endif()
  set(targets ${target})
  set(folder "${PROJECT_BINARY_DIR}/lib")
  kernelgarten_add_level(${target} ${name} "${folder}" ${ARGN})
  foreach(level IN LISTS kernelgarten_levels)
    kernelgarten_add_level(${target}_${level} ${name} "${folder}/glibc-hwcaps/${level}" ${ARGN})
    target_compile_options(${target}_${level} PRIVATE -march=${level} ${kernelgarten_avx512_flags})
    add_dependencies(${target} ${target}_${level})
    list(APPEND targets ${target}_${level})
  endforeach()
  set(${target}_targets ${targets} PARENT_SCOPE)
endfunction()

function(kernelgarten_add_level target name folder)
  add_library(${target} SHARED ${ARGN})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${name} VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LIBRARY_OUTPUT_DIRECTORY "${folder}" VISIBILITY_INLINES_HIDDEN ON)
  # Inline functions of one name differ between the levels. A library calls its own, never those of
  # a program that was compiled for another level.
  target_link_options(${target} PRIVATE -Wl,-Bsymbolic-functions)
endfunction()
