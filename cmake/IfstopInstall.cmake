# Installs headers (generated ones too), libraries and the CMake package: find_package(ifstop COMPONENTS core report server torch).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ifstop")

set(left_out "")
if(NOT TARGET ifstop_torch)
  set(left_out REGEX "/ifstop/(llama|sft|judges)$" EXCLUDE)  # no headers without their library
endif()
if(NOT TARGET ifstop_server)
  list(APPEND left_out PATTERN "server_judge.hpp" EXCLUDE)
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ifstop" "${IFSTOP_GENERATED_DIR}/ifstop"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp" ${left_out})

# One export set a component, so that a user of the core needs neither LibTorch nor nlohmann-json.
foreach(component core report server torch)
  if(TARGET ifstop_${component})
    install(TARGETS ifstop_${component} EXPORT ifstop_${component} ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT ifstop_${component} NAMESPACE ifstop:: FILE ifstop_${component}.cmake DESTINATION "${package_dir}")
  endif()
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/ifstopConfig.cmake.in" "${PROJECT_BINARY_DIR}/ifstopConfig.cmake"
                              INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ifstopConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/ifstopConfig.cmake" "${PROJECT_BINARY_DIR}/ifstopConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/IfstopTorch.cmake" DESTINATION "${package_dir}")
