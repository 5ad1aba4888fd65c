// HTTP POST of JSON, several requests at once, over libcurl.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ifstop::server {

struct HttpOptions {
  std::string url;
  std::string bearer;  ///< empty: no Authorization header
  double timeout_seconds = 60;
  int parallel = 1;
};

struct HttpReply {
  long status = 0;                 ///< 0: there was no reply
  std::string body;                ///< at most 4 MiB, more is a failure
  std::string failure;             ///< why there was none, in libcurl's words
  double retry_after_seconds = 0;  ///< as the server asks; 0: it does not
};

/// One reply a body, in order. Throws std::runtime_error only where libcurl itself cannot work.
std::vector<HttpReply> post_all(const HttpOptions& options, std::span<const std::string> bodies);

}  // namespace ifstop::server
