// Hides the difference between Catch2 v3 and v2. Macros carry the CATCH_ prefix (CATCH_TEST_CASE, CATCH_CHECK
// …).
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
