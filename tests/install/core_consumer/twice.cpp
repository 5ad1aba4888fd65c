#include "ifstop/ifstop.hpp"

std::size_t prompts_of_the_other_source() {
  return ifstop::PromptSet::builtin().size();
}
