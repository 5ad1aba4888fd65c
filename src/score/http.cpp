#include "score/http.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace ifstop::server {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* resource) const {
    release(resource);
  }
};
using Headers = std::unique_ptr<curl_slist, Release<curl_slist_free_all>>;
using Easy = std::unique_ptr<CURL, Release<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Release<curl_multi_cleanup>>;

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("libcurl: ") + what + " failed");
}

Headers headers_of(const HttpOptions& options) {
  Headers list(curl_slist_append(nullptr, "Content-Type: application/json"));
  check(list != nullptr, "curl_slist_append");
  if (!options.bearer.empty()) {
    auto* longer = curl_slist_append(list.get(), ("Authorization: Bearer " + options.bearer).c_str());
    check(longer != nullptr, "curl_slist_append");
  }
  return list;
}

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* reply) {
  constexpr std::size_t most = std::size_t{4} << 20;
  auto& body = static_cast<HttpReply*>(reply)->body;
  if (body.size() + size * count > most) return 0;  // ends the transfer
  body.append(bytes, size * count);
  return size * count;
}

/// Requests under way.
class Transfers {
 public:
  Transfers(const HttpOptions& options, std::span<const std::string> bodies)
      : options_(options), bodies_(bodies), headers_(headers_of(options)), multi_(curl_multi_init()) {
    check(multi_ != nullptr, "curl_multi_init");
    replies_.resize(bodies.size());
    handles_.resize(bodies.size());
  }
  ~Transfers() {
    for (auto& handle : handles_)
      if (handle) curl_multi_remove_handle(multi_.get(), handle.get());
  }

  std::vector<HttpReply> run() {
    for (int i = 0; i < options_.parallel; ++i) start_next();
    for (int running = 1; running > 0;) {
      check(curl_multi_perform(multi_.get(), &running) == CURLM_OK, "curl_multi_perform");
      int left = 0;
      while (auto* message = curl_multi_info_read(multi_.get(), &left))
        if (message->msg == CURLMSG_DONE) {
          finish(message->easy_handle, message->data.result);
          running += start_next();
        }
      if (running > 0)
        check(curl_multi_poll(multi_.get(), nullptr, 0, 100, nullptr) == CURLM_OK, "curl_multi_poll");
    }
    return std::move(replies_);
  }

 private:
  /// False where none is left.
  bool start_next() {
    if (next_ == bodies_.size()) return false;
    const auto index = next_++;
    auto& handle = handles_[index];
    handle.reset(curl_easy_init());
    check(handle != nullptr, "curl_easy_init");
    auto* h = handle.get();
    curl_easy_setopt(h, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(h, CURLOPT_POSTFIELDS, bodies_[index].data());
    curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bodies_[index].size()));
    curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout_seconds * 1000));
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);  // threads of the program keep their signals
    curl_easy_setopt(h, CURLOPT_USERAGENT, "ifstop");
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, &replies_[index]);
    curl_easy_setopt(h, CURLOPT_PRIVATE, &replies_[index]);
    check(curl_multi_add_handle(multi_.get(), h) == CURLM_OK, "curl_multi_add_handle");
    return true;
  }

  void finish(CURL* handle, CURLcode code) {
    HttpReply* reply = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &reply);
    if (code == CURLE_OK) {
      curl_off_t wait = 0;
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply->status);
      curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &wait);
      reply->retry_after_seconds = static_cast<double>(wait);
    } else {
      reply->failure = curl_easy_strerror(code);
    }
    curl_multi_remove_handle(multi_.get(), handle);
    handles_[static_cast<std::size_t>(reply - replies_.data())].reset();
  }

  const HttpOptions& options_;
  std::span<const std::string> bodies_;
  Headers headers_;
  Multi multi_;
  std::vector<Easy> handles_;
  std::vector<HttpReply> replies_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<HttpReply> post_all(const HttpOptions& options, std::span<const std::string> bodies) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  check(ready, "curl_global_init");
  return bodies.empty() ? std::vector<HttpReply>() : Transfers(options, bodies).run();
}

}  // namespace ifstop::server
