#include "ifstop/llama/error_text.hpp"

#include <torch/torch.h>

#include <stdexcept>

#include "support/catch.hpp"

using ifstop::error_text;

CATCH_TEST_CASE("an exception of LibTorch's is shown without its backtrace, also inside another one's text") {
  try {
    TORCH_CHECK(false, "weights of ", 3, " rows");
  } catch (const c10::Error& error) {
    CATCH_CHECK(std::string(error.what()).find("Exception raised from") != std::string::npos);
    CATCH_CHECK(error_text(error) == "weights of 3 rows");
    const std::runtime_error around(std::string("at step 3: ") + error.what() + "; nothing was recorded");
    CATCH_CHECK(error_text(around).rfind("at step 3: weights of 3 rows", 0) == 0);
    CATCH_CHECK(error_text(around).find("frame #") == std::string::npos);
  }
}

CATCH_TEST_CASE("other texts stay as they are") {
  CATCH_CHECK(error_text(std::runtime_error("a\nb")) == "a\nb");
  CATCH_CHECK(error_text(std::runtime_error("")) == "");
}
