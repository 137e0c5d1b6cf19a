# add_layer(<name> [LINKS target...]): the static library of src/<name>/, every .cpp of the folder.
# A layer is a folder, a namespace and a target; tests/check_layers.py holds the order of includes.
function(add_layer name)
  cmake_parse_arguments(ARG "" "" "LINKS;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(motion_mcp_${name} STATIC ${sources} ${ARG_SOURCES})
  target_link_libraries(motion_mcp_${name} PUBLIC motion_mcp_options ${ARG_LINKS})
endfunction()
