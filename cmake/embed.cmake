# Writes OUT: a header holding the bytes of IN as a string literal named NAME (a literal compiles ten times
# faster than a list of integers).
file(READ "${IN}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
file(SIZE "${IN}" size)
file(WRITE "${OUT}" "// Generated from an asset by cmake/embed.cmake.
#pragma once
#pragma GCC system_header
#include <string_view>
namespace ifstop::assets {
inline constexpr std::string_view ${NAME}{\"${bytes}\", ${size}};
}
")
