#!/usr/bin/env python3
"""Writes src/llama/unicode_classes.cpp: which code points \\p{L}, \\p{N} and \\s match in the `tokenizers` package, whose
splits src/llama/split_pattern.cpp must repeat exactly. Run in the root of the repository; needs tokenizers."""
import tokenizers
from tokenizers import Regex, pre_tokenizers


def ranges(expression):
    split = pre_tokenizers.Split(Regex(expression), behavior="removed")
    found = []
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF or split.pre_tokenize_str(chr(code)):
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def table(name, expression):
    items = [f"{{0x{a:X}, 0x{b:X}}}" for a, b in ranges(expression)]
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) + 2 > 110:
            lines.append(line)
            line = " "
        line += " " + item + ","
    lines.append(line)
    return f"constexpr Range {name}[] = {{  // {expression}\n" + "\n".join(lines) + "\n};\n"


open("src/llama/unicode_classes.cpp", "w").write(f"""// Made by tests/data/tokenizers/unicode_classes.py with tokenizers {tokenizers.__version__}; not to be edited.
#include "llama/unicode_classes.hpp"

#include <algorithm>
#include <iterator>

namespace ifstop::llama {{
namespace {{

struct Range {{
  char32_t first, last;
}};

// clang-format off
{table("letters", chr(92) + "p{L}")}
{table("numbers", chr(92) + "p{N}")}
{table("spaces", chr(92) + "s")}// clang-format on

template <class Table>
bool contains(const Table& table, char32_t code) {{
  const auto* after = std::upper_bound(std::begin(table), std::end(table), code,
                                       [](char32_t c, const Range& range) {{ return c < range.first; }});
  return after != std::begin(table) && code <= std::prev(after)->last;
}}

}}  // namespace

bool is_letter(char32_t code) {{
  return contains(letters, code);
}}
bool is_number(char32_t code) {{
  return contains(numbers, code);
}}
bool is_space(char32_t code) {{
  return contains(spaces, code);
}}

}}  // namespace ifstop::llama
""")
