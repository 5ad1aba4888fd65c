// Fuzzes a judge server's reply: any body is refused by std::runtime_error, or is a text with a verdict or
// none.
#include <stdexcept>

#include "score/objectivity_question.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  ifstop::server::error_text(body);
  ifstop::server::request_body("model", body, 16);
  try {
    ifstop::server::verdict_of(ifstop::server::reply_text(body));
  } catch (const std::runtime_error&) {
  }
  return 0;
}
