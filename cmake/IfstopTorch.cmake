# Finds LibTorch and defines ifstop::libtorch.
set(IFSTOP_TORCH_ROOT "" CACHE PATH "Folder with LibTorch's include/ and lib/ (a wheel's torch folder or an unpacked zip)")
if(NOT IFSTOP_TORCH_ROOT)
  foreach(python "$ENV{HOME}/.cache/ifstop/venv/bin/python3" python3)
    execute_process(COMMAND ${python} -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
                    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed AND root)
      set(IFSTOP_TORCH_ROOT "${root}" CACHE PATH "" FORCE)
      break()
    endif()
  endforeach()
endif()
find_library(IFSTOP_TORCH_CPU torch_cpu HINTS "${IFSTOP_TORCH_ROOT}/lib" REQUIRED NO_DEFAULT_PATH)
find_library(IFSTOP_TORCH_LIB torch HINTS "${IFSTOP_TORCH_ROOT}/lib" REQUIRED NO_DEFAULT_PATH)
find_library(IFSTOP_C10_LIB c10 HINTS "${IFSTOP_TORCH_ROOT}/lib" REQUIRED NO_DEFAULT_PATH)
add_library(ifstop_libtorch INTERFACE)
add_library(ifstop::libtorch ALIAS ifstop_libtorch)
# -idirafter: the wheel carries fmt and protobuf headers of its own, which must not win over the system's.
target_compile_options(ifstop_libtorch INTERFACE
  "SHELL:-idirafter ${IFSTOP_TORCH_ROOT}/include" "SHELL:-idirafter ${IFSTOP_TORCH_ROOT}/include/torch/csrc/api/include")
# stdc++ first: the wheel exports parts of an older std::filesystem, and remove_all, taken from there, calls a null pointer.
target_link_libraries(ifstop_libtorch INTERFACE "-Wl,--no-as-needed" stdc++ ${IFSTOP_TORCH_LIB} ${IFSTOP_TORCH_CPU} ${IFSTOP_C10_LIB} "-Wl,--as-needed")
target_link_options(ifstop_libtorch INTERFACE "-Wl,-rpath,${IFSTOP_TORCH_ROOT}/lib")
find_library(IFSTOP_SENTENCEPIECE sentencepiece REQUIRED)
find_library(IFSTOP_SENTENCEPIECE_TRAIN sentencepiece_train)
