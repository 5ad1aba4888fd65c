#include <cstdio>

#include "ifstop/ifstop.hpp"

std::size_t prompts_of_the_other_source();

int main() {
  const auto& set = ifstop::PromptSet::builtin();  // found without a path
  std::printf("%zu prompts, hash %s\n", set.size(), set.hash().c_str());
  return set.size() > 0 && set.size() == prompts_of_the_other_source() ? 0 : 1;
}
