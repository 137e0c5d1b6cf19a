#pragma once

// What a fuzz target is: a file <name>_fuzz.cpp that defines try_bytes. libfuzzer_main.cpp hands it
// what libFuzzer makes up, replay_main.cpp the corpus beside this file.

#include <string_view>

namespace motion_mcp::fuzz {

// Hands bytes of a stranger's to the code under test. Keeps nothing from one call to the next.
void try_bytes(std::string_view bytes);

// Aborts, with the promise that was not kept and what shows it, unless it `holds`. Sanitizers,
// uncaught exceptions and this are what a finding is.
void require(bool holds, std::string_view promise, std::string_view shown = {});

}  // namespace motion_mcp::fuzz
