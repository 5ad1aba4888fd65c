# Warnings for ifstop's own targets; never exported.
add_library(ifstop_warnings INTERFACE)
target_compile_options(ifstop_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default: that is their point
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>  # "x" + string, GCC bug 105651
  $<$<BOOL:${IFSTOP_WARNINGS_AS_ERRORS}>:-Werror>)
