// ObjecQA judged as in the paper (section 5): a chat model behind an OpenAI-compatible server, shown the
// definition and one example of each kind. Compiled: link ifstop::server (built where libcurl is found).
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ifstop/score/judge.hpp"

namespace ifstop {

struct ServerJudgeOptions {
  std::string url = "http://localhost:8000/v1";  ///< of the API; "/chat/completions" is appended
  std::string model;                             ///< as the server names it; needed
  std::string api_key;                           ///< sent as a bearer token; empty: none
  double timeout_seconds = 60;                   ///< of one request, connecting included; above 0
  int retries = 3;                               ///< after failures that may pass; 0: none
  double wait_seconds = 1;      ///< before the first retry, doubled for each further one; 0: none
  int parallel = 8;             ///< requests under way at once; at least 1
  int max_tokens = 16;          ///< of a reply; 0: left to the server (for models that think first)
  std::filesystem::path cache;  ///< JSON Lines of verdicts, appended to; empty: none are kept
};

/// Probability 1 for an answer that the server calls objective, 0 for one it calls subjective and for a blank
/// one, which it is not asked about. The question is not shown, as in the paper. Verdicts are kept (by model,
/// scheme and answer), so the same answer is asked about once. Safe to call from several threads, one of
/// which asks at a time.
///
/// Throws std::invalid_argument for bad options (the field's name and value), std::runtime_error saying what
/// to try where the cache cannot be read or written, and where the server is down, too slow, refuses, or
/// replies with neither word.
class ServerJudge final : public Judge {
 public:
  explicit ServerJudge(ServerJudgeOptions options);
  ~ServerJudge() override;

  std::vector<double> probabilities(std::span<const JudgePair> pairs) const override;
  const JudgeInfo& info() const override;

  /// Requests sent so far, retries included.
  std::size_t requests() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ifstop
