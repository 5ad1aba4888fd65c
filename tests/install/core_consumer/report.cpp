#include <cstdio>

#include "ifstop/report/console.hpp"
#include "ifstop/report/tensorboard.hpp"

int main() {
  std::puts(ifstop::report::table_header({}).c_str());
  return ifstop::report::crc32c("123456789") == 0xE3069283u ? 0 : 1;
}
