# Warnings for ifstop's own targets; never exported.
add_library(ifstop_warnings INTERFACE)
target_compile_options(ifstop_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its default: that is their point
  $<$<BOOL:${IFSTOP_WARNINGS_AS_ERRORS}>:-Werror>)
