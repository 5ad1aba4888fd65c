# Warnings for ifstop's own targets; never exported.
add_library(ifstop_warnings INTERFACE)
target_compile_options(ifstop_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion
  $<$<BOOL:${IFSTOP_WARNINGS_AS_ERRORS}>:-Werror>)
