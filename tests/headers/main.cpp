// The umbrella in one more file of the program: what the headers define must be `inline`, or linking fails.
#include "ifstop/ifstop.hpp"

int main() {
  return ifstop::PromptSet::builtin().size() > 0 ? 0 : 1;
}
