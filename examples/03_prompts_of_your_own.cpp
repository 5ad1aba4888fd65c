// Prompts of your own for an evaluation: written as a small table (or read from such a file), with a fragment
// of each cut by the library, put into a balanced order, and dressed in the template that the model is
// trained with. Expected: six prompts, full ones and fragments in turn, and the set's hash.
#include <fmt/format.h>

#include <ifstop/ifstop.hpp>

int main() {
  // id, kind, parent, text, and where the truth is known the answers that count as correct; tabs between
  // them.
  auto set = ifstop::parse_prompts_tsv(
      "name\tmuseum-guide\n"
      "version\t1\n"
      "opening\tfull\t\tWhen does the museum open on Sundays, and is there a guided tour?\t10\tten\n"
      "ticket\tfull\t\tWrite a two-line reply to a visitor who has lost her ticket.\n"
      "sum-up\tfull\t\tSum up in one sentence:\\n\\nThe east wing is closed for repairs until May.\n",
      "museum.tsv");

  const auto full = set.prompts;
  for (const auto& prompt : full)
    set.prompts.push_back(
        {prompt.id + "-part", ifstop::fragment(prompt.text, 1), ifstop::PromptKind::partial, prompt.id, {}});
  set.validate();  // throws where an id is there twice, a text is empty, a fragment lacks its parent

  const auto paper = ifstop::Template::named("paper");
  for (const auto& prompt : set.interleaved().prompts)
    fmt::print("{:<13} {:<8} \"{}\"\n", prompt.id, to_string(prompt.kind), paper.apply(prompt.text));
  fmt::print("{} {}, {} prompts, hash {}\n", set.name, set.version, set.size(), set.hash());
  return set.size() == 6 ? 0 : 1;
}
