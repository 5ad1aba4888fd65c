// Fuzzes a run's events: any log is refused by an error of its own kind, or read, and each evaluation in it
// too.
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "ifstop/report/event_log.hpp"
#include "ifstop/report/trainer_state.hpp"
#include "memory_file.hpp"

using namespace ifstop::report;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ifstop_fuzz::MemoryFile file(data, size);
  try {
    const auto events = read_events(file.path());
    for (const auto& event : events)
      if (event["kind"] == "eval") evaluation_from_json(event);
    trainer_state(events, {.global_step = 100, .max_steps = 100});
  } catch (const FileError&) {
  } catch (const std::invalid_argument&) {
  } catch (const Json::exception&) {
  }
  return 0;
}
