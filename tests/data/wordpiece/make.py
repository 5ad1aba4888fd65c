"""Makes src/judges/unicode_folds.hpp: what BERT's uncased tokenizers do to characters, from Python's Unicode tables.

    python tests/data/wordpiece/make.py > src/judges/unicode_folds.hpp
"""
import sys
import unicodedata as u


def ranges(predicate):
    found, start = [], None
    for c in range(sys.maxunicode + 2):
        inside = c <= sys.maxunicode and not 0xD800 <= c <= 0xDFFF and predicate(chr(c))
        if inside and start is None:
            start = c
        if not inside and start is not None:
            found += [start, c - 1]
            start = None
    return found


def numbers(name, comment, values):
    lines, line = [], ""
    for v in values:
        piece = f"0x{v:X}, "
        if len(line) + len(piece) > 104:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    body = "\n    ".join(lines)
    return f"/// {comment}\ninline constexpr std::uint32_t {name}[] = {{\n    {body}}};\n"


folds = []
for c in range(0x80, sys.maxunicode + 1):
    if 0xD800 <= c <= 0xDFFF or 0xAC00 <= c <= 0xD7A3:  # Hangul is computed
        continue
    out = "".join(x for x in u.normalize("NFD", chr(c)) if u.category(x) != "Mn").lower()
    if out and out != chr(c):
        folds += [c, len(out)] + [ord(x) for x in out]

print(f"""// Made by tests/data/wordpiece/make.py from Unicode {u.unidata_version}: not to be edited.
#pragma once
#include <cstdint>

namespace ifstop::judges {{

// clang-format off""")
print(numbers("punctuation_ranges", "First and last of ranges: category P, beyond ASCII.",
              ranges(lambda x: ord(x) > 127 and u.category(x)[0] == "P")))
print(numbers("removed_ranges", "First and last of ranges: categories Cc, Cf, Co and Mn, beyond ASCII.",
              ranges(lambda x: ord(x) > 127 and u.category(x) in ("Cc", "Cf", "Co", "Mn"))))
print(numbers("space_ranges", "First and last of ranges: white space beyond ASCII.",
              ranges(lambda x: ord(x) > 127 and (u.category(x) == "Zs" or x.isspace()) and u.category(x) != "Cc")))
print(numbers("folds", "A character, how many it becomes in lower case without accents, and those; ascending.", folds), end="")
print("// clang-format on\n\n}  // namespace ifstop::judges")
