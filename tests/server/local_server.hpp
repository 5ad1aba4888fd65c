// A small HTTP server on this machine, for tests of what talks to one.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ifstop_test {

struct Request {
  std::string head, body;
};

/// Answers one connection after the other. The handler returns the whole response, or an empty text to leave
/// the client waiting until the server ends.
class LocalServer {
 public:
  using Handler = std::function<std::string(const Request&)>;

  explicit LocalServer(Handler handler) : handler_(std::move(handler)), listening_(open()) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LocalServer() {
    ended_ = true;
    ::shutdown(listening_, SHUT_RDWR);  // wakes accept()
    thread_.join();
    ::close(listening_);
    for (int client : waiting_) ::close(client);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  static std::string response(const std::string& status, const std::string& body,
                              const std::string& headers = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  static int open() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);  // and any free port
    if (socket < 0 || ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket, 64) != 0)
      throw std::runtime_error("no local server for the test");
    return socket;
  }

  void serve() {
    while (!ended_) {
      const int client = ::accept(listening_, nullptr, nullptr);
      if (client < 0) continue;
      const auto request = read(client);
      std::string reply;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        reply = handler_(request);
      }
      if (reply.empty()) {
        waiting_.push_back(client);
        continue;
      }
      for (std::size_t sent = 0; sent < reply.size();) {
        const auto n = ::send(client, reply.data() + sent, reply.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::close(client);
    }
  }

  static Request read(int client) {
    std::string text;
    char bytes[4096];
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != text.npos) {
        const auto at = text.find("Content-Length: ");
        const auto length = at < end ? std::strtoul(text.c_str() + at + 16, nullptr, 10) : 0;
        if (text.size() >= end + 4 + length) return {text.substr(0, end), text.substr(end + 4, length)};
      }
      const auto n = ::recv(client, bytes, sizeof bytes, 0);
      if (n <= 0) return {text, ""};
      text.append(bytes, static_cast<std::size_t>(n));
    }
  }

  Handler handler_;
  int listening_;
  int port_ = 0;
  std::atomic<bool> ended_ = false;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<int> waiting_;
  std::thread thread_;
};

}  // namespace ifstop_test
