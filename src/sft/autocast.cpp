#include "ifstop/sft/autocast.hpp"

#include <ATen/autocast_mode.h>

namespace ifstop::sft {

Bf16Autocast::Bf16Autocast(bool on, c10::DeviceType device) : on_(on), device_(device) {
  if (!on_) return;
  enabled_before_ = at::autocast::is_autocast_enabled(device);
  type_before_ = static_cast<int>(at::autocast::get_autocast_dtype(device));
  at::autocast::set_autocast_enabled(device, true);
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::increment_nesting();
}

Bf16Autocast::~Bf16Autocast() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_dtype(device_, static_cast<at::ScalarType>(type_before_));
  at::autocast::set_autocast_enabled(device_, enabled_before_);
}

}  // namespace ifstop::sft
