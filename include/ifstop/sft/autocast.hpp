// Computing in bfloat16 while the weights stay as they are.
#pragma once

#include <c10/core/DeviceType.h>

namespace ifstop::sft {

/// While one lives, matrix products on this kind of device run in bfloat16 (`on`), as Hugging Face's `bf16`.
/// What was before comes back at the end; the cache of converted weights is emptied, since a step changes
/// them.
class Bf16Autocast {
 public:
  Bf16Autocast(bool on, c10::DeviceType device);
  ~Bf16Autocast();
  Bf16Autocast(const Bf16Autocast&) = delete;
  Bf16Autocast& operator=(const Bf16Autocast&) = delete;

 private:
  bool on_;
  c10::DeviceType device_;
  bool enabled_before_ = false;
  int type_before_ = 0;
};

}  // namespace ifstop::sft
