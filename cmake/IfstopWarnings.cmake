# Warnings for ifstop's own targets; never exported. As errors only with the compilers that they are kept clean for: a
# newer one has warnings of its own, which must not break anybody's build.
set(ifstop_known_compiler $<OR:$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>,$<AND:$<CXX_COMPILER_ID:Clang>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,15>>>)
add_library(ifstop_warnings INTERFACE)
target_compile_options(ifstop_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default: that is their point
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>  # "x" + string, GCC bug 105651
  $<$<AND:$<BOOL:${IFSTOP_WARNINGS_AS_ERRORS}>,${ifstop_known_compiler}>:-Werror>)
