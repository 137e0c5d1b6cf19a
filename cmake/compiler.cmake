# Warnings, sanitizers and hardening that every target of ours gets.
add_library(motion_mcp_options INTERFACE)
target_compile_options(motion_mcp_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${MOTION_MCP_WERROR}>:-Werror>)
target_include_directories(motion_mcp_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Optimised, g++ 12 sees overlaps in the standard library's own `"x" + std::string()` (GCC bug 105651).
  target_compile_options(motion_mcp_options INTERFACE -Wno-restrict)
endif()

find_package(Threads REQUIRED)
target_link_libraries(motion_mcp_options INTERFACE Threads::Threads)

if(MOTION_MCP_SANITIZE)
  set(flags -fsanitize=${MOTION_MCP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(motion_mcp_options INTERFACE ${flags})
  target_link_options(motion_mcp_options INTERFACE ${flags})
  # clang 14 cannot check the type of a function that is called when it is a coroutine ("Cannot
  # represent a difference across sections").
  target_compile_options(motion_mcp_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
else()
  target_compile_definitions(motion_mcp_options INTERFACE
    $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> $<$<CONFIG:Release>:_GLIBCXX_ASSERTIONS>)
  target_compile_options(motion_mcp_options INTERFACE -fstack-protector-strong)
endif()

if(MOTION_MCP_FUZZ)
  # Coverage for libFuzzer to go by; its main() is linked into the targets alone (tests/fuzz).
  target_compile_options(motion_mcp_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
