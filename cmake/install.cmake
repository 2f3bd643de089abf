# `cmake --install`: the library of a build with KERNELGARTEN_DISPATCH, its public headers, and the
# package that find_package(kernelgarten) finds.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS kernelgarten_engine EXPORT kernelgarten)
foreach(level IN LISTS kernelgarten_levels)
  install(TARGETS kernelgarten_engine_${level}
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/glibc-hwcaps/${level}" NAMELINK_SKIP)
endforeach()

# Headers that depend on the instruction set, or include such, stay inside.
set(headers "${CMAKE_INSTALL_INCLUDEDIR}/kernelgarten/engine")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/engine/" DESTINATION "${headers}"
  FILES_MATCHING PATTERN "*.hpp" PATTERN layers EXCLUDE PATTERN ops EXCLUDE PATTERN simd EXCLUDE)
foreach(header layers/layer.hpp ops/window.hpp simd/instruction_set.hpp)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES "${PROJECT_SOURCE_DIR}/engine/${header}" DESTINATION "${headers}/${folder}")
endforeach()

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/kernelgarten")
set(version_file "${PROJECT_BINARY_DIR}/kernelgartenConfigVersion.cmake")
write_basic_package_version_file("${version_file}" COMPATIBILITY SameMinorVersion)
install(EXPORT kernelgarten NAMESPACE kernelgarten:: DESTINATION "${package}"
        FILE kernelgartenTargets.cmake)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/kernelgartenConfig.cmake" "${version_file}"
        DESTINATION "${package}")
