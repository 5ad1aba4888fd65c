// Prompt sets from files.
#pragma once
#include <filesystem>

#include "ifstop/prompts/prompt_set.hpp"
#include "ifstop/report/json.hpp"

namespace ifstop::report {

/// One object a line: `prompt` (needed), `kind` ("full" by default, "partial", "preference"), `id` (the
/// line's number by default), `parent` (of a partial prompt: the id of the full one that it is the beginning
/// of; needed there, refused elsewhere), `accepted` (right answers: a text or a list of texts). Unknown keys
/// are ignored. A file named .tsv is a table (prompts/tsv.hpp). Throws FileError "FILE:LINE: …", or "FILE: …"
/// naming the prompt where the set as a whole is wrong (PromptSet::validate).
PromptSet read_prompts(const std::filesystem::path& path);

}  // namespace ifstop::report
