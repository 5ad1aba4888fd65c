// Prompt sets as text: the format of the shipped assets, and of anyone's own.
//
//   # comment
//   name<TAB>my-prompts
//   version<TAB>1
//   id<TAB>kind<TAB>parent<TAB>text[<TAB>accepted answer]...
//
// `parent` is empty but for fragments. In a field, \n is a line break, \r a carriage return, \t a tab, \\ a
// backslash.
#pragma once
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ifstop/prompts/prompt_set.hpp"

namespace ifstop {
namespace prompt_detail {

[[noreturn]] inline void tsv_error(std::string_view file, std::size_t line, std::string_view what) {
  throw std::invalid_argument(fmt::format("{}:{}: {}", file, line, what));
}

inline std::string unescape(std::string_view field, std::string_view file, std::size_t line) {
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      out += field[i];
      continue;
    }
    const char next = i + 1 < field.size() ? field[++i] : '\0';
    if (next == 'n')
      out += '\n';
    else if (next == 'r')
      out += '\r';
    else if (next == 't')
      out += '\t';
    else if (next == '\\')
      out += '\\';
    else
      tsv_error(file, line,
                "a backslash is followed by neither n, r, t nor a backslash (write \\\\ for a backslash)");
  }
  return out;
}

inline std::vector<std::string> tsv_fields(std::string_view row, std::string_view file, std::size_t line) {
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin <= row.size();) {
    const auto end = std::min(row.find('\t', begin), row.size());
    fields.push_back(unescape(row.substr(begin, end - begin), file, line));
    begin = end + 1;
  }
  return fields;
}

inline Prompt tsv_prompt(std::vector<std::string> fields, std::string_view file, std::size_t line) {
  if (fields.size() < 4)
    tsv_error(file, line, fmt::format("{} fields where id, kind, parent and text are needed", fields.size()));
  Prompt prompt{fields[0], fields[3], PromptKind::full, fields[2], {}};
  try {
    prompt.kind = prompt_kind_from(fields[1]);
  } catch (const std::invalid_argument& error) {
    tsv_error(file, line, error.what());
  }
  for (std::size_t i = 4; i < fields.size(); ++i) {
    if (fields[i].empty()) tsv_error(file, line, "an accepted answer is empty");
    prompt.accepted.push_back(fields[i]);
  }
  return prompt;
}

}  // namespace prompt_detail

/// Reads the format above; `file` names the text in errors, which are std::invalid_argument with file and
/// line. The set is validated as a whole (PromptSet::validate).
inline PromptSet parse_prompts_tsv(std::string_view text, std::string_view file) {
  PromptSet set;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const auto end = std::min(text.find('\n', begin), text.size());
    auto row = text.substr(begin, end - begin);
    begin = end + 1;
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    if (row.empty() || row.front() == '#') continue;
    auto fields = prompt_detail::tsv_fields(row, file, line);
    if (fields.size() == 2 && fields[0] == "name")
      set.name = fields[1];
    else if (fields.size() == 2 && fields[0] == "version")
      set.version = fields[1];
    else
      set.prompts.push_back(prompt_detail::tsv_prompt(std::move(fields), file, line));
  }
  if (set.name.empty()) set.name = file;
  if (set.prompts.empty()) throw std::invalid_argument(fmt::format("{}: no prompts", file));
  set.validate();
  return set;
}

/// Writes the format above; parse_prompts_tsv reads it back. Throws std::invalid_argument for an id that
/// begins with
/// '#', which would be read as a comment.
inline std::string to_tsv(const PromptSet& set) {
  const auto escape = [](std::string_view text) {
    std::string out;
    for (char c : text)
      if (c == '\n')
        out += "\\n";
      else if (c == '\r')
        out += "\\r";
      else if (c == '\t')
        out += "\\t";
      else if (c == '\\')
        out += "\\\\";
      else
        out += c;
    return out;
  };
  auto text = fmt::format("name\t{}\nversion\t{}\n", escape(set.name), escape(set.version));
  for (const auto& prompt : set.prompts) {
    if (prompt.id.rfind('#', 0) == 0)
      throw std::invalid_argument(fmt::format(
          "prompt set {}: the id \"{}\" begins with #, a comment in a table", set.name, prompt.id));
    text += fmt::format("{}\t{}\t{}\t{}", escape(prompt.id), to_string(prompt.kind), escape(prompt.parent),
                        escape(prompt.text));
    for (const auto& answer : prompt.accepted) text += '\t' + escape(answer);
    text += '\n';
  }
  return text;
}

}  // namespace ifstop
