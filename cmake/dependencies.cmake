# Libraries: what is installed comes first, else the pinned release is fetched.
include(FetchContent)

find_package(Eigen3 3.4 QUIET NO_MODULE)
if(NOT Eigen3_FOUND)
  FetchContent_Declare(Eigen3 GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0
                       GIT_SHALLOW ON SOURCE_SUBDIR none SYSTEM)
  FetchContent_MakeAvailable(Eigen3)
  add_library(kernelgarten_eigen INTERFACE)
  target_include_directories(kernelgarten_eigen SYSTEM INTERFACE "${eigen3_SOURCE_DIR}")
  add_library(Eigen3::Eigen ALIAS kernelgarten_eigen)
endif()

find_package(xsimd 12 QUIET)
if(NOT xsimd_FOUND)
  find_package(xsimd 13 QUIET)
endif()
if(NOT xsimd_FOUND)
  FetchContent_Declare(xsimd GIT_REPOSITORY https://github.com/xtensor-stack/xsimd.git
                       GIT_TAG 13.2.0 GIT_SHALLOW ON SYSTEM)
  FetchContent_MakeAvailable(xsimd)
endif()

if(KERNELGARTEN_TESTS)
  find_package(doctest 2.4.9 QUIET)
  if(NOT doctest_FOUND)
    FetchContent_Declare(doctest GIT_REPOSITORY https://github.com/doctest/doctest.git
                         GIT_TAG v2.4.11 GIT_SHALLOW ON SYSTEM)
    FetchContent_MakeAvailable(doctest)
    list(APPEND CMAKE_MODULE_PATH "${doctest_SOURCE_DIR}/scripts/cmake")
  endif()
endif()

# gzip for native programs. In a browser and in Node the SDK unpacks with DecompressionStream.
if(NOT EMSCRIPTEN)
  find_package(ZLIB QUIET)
  if(NOT ZLIB_FOUND)
    FetchContent_Declare(zlib GIT_REPOSITORY https://github.com/madler/zlib.git GIT_TAG v1.3.1
                         GIT_SHALLOW ON SYSTEM)
    FetchContent_MakeAvailable(zlib)
    target_include_directories(zlibstatic INTERFACE "${zlib_SOURCE_DIR}" "${zlib_BINARY_DIR}")
    add_library(ZLIB::ZLIB ALIAS zlibstatic)
  endif()
endif()
