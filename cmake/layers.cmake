# add_layer(<name> [LINKS target...]): the static library of src/<name>/, every .cpp of the folder.
# A layer is a folder, a namespace and a target; tests/check_layers.py holds the order of includes.
# Nearly every file needs the JSON type, and reading its header is half the time of compiling one.
# Shared by all targets. The release preset goes without, so that a missing include shows there.
option(MOTION_MCP_PRECOMPILE "Read the JSON header once instead of once a file" OFF)
if(MOTION_MCP_PRECOMPILE)
  file(WRITE ${CMAKE_BINARY_DIR}/generated/precompiled.cpp "")
  add_library(motion_mcp_precompiled OBJECT ${CMAKE_BINARY_DIR}/generated/precompiled.cpp)
  target_link_libraries(motion_mcp_precompiled PRIVATE motion_mcp_options dep::json)
  target_precompile_headers(motion_mcp_precompiled PRIVATE <nlohmann/json.hpp>)
endif()

function(use_precompiled target)
  if(MOTION_MCP_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM motion_mcp_precompiled)
  endif()
endfunction()

function(add_layer name)
  cmake_parse_arguments(ARG "" "" "LINKS;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(motion_mcp_${name} STATIC ${sources} ${ARG_SOURCES})
  target_link_libraries(motion_mcp_${name} PUBLIC motion_mcp_options ${ARG_LINKS})
  use_precompiled(motion_mcp_${name})
endfunction()
