#pragma once

// The whole Json type, for .cpp files and for headers that hold one by value; a header that only
// passes references includes base/json.h.

#include <nlohmann/json.hpp>

#include "base/json.h"  // IWYU pragma: export
