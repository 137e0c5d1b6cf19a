# add_tool_table(<target>): a tool is schemas/<toolset>/<name>.json and src/tools/<name>.cpp. Pairs
# the two by name and makes the table of src/tools/tool_table.h from them. In src/tools, a .cpp
# without a header of the same name is a tool. A file without its partner stops the configure;
# a definition that is no JSON, or has another name than its file, stops the build.
function(add_tool_table target)
  set(schemas_dir ${CMAKE_SOURCE_DIR}/schemas)
  set(tools_dir ${CMAKE_SOURCE_DIR}/src/tools)
  file(GLOB schemas CONFIGURE_DEPENDS ${schemas_dir}/*/*.json)
  file(GLOB sources CONFIGURE_DEPENDS ${tools_dir}/*.cpp)

  set(entries "")
  set(names "")
  foreach(schema ${schemas})
    get_filename_component(name ${schema} NAME_WE)
    get_filename_component(toolset ${schema} DIRECTORY)
    get_filename_component(toolset ${toolset} NAME)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "schemas/${toolset}/${name}.json: a tool's name is snake_case")
    endif()
    if(name IN_LIST names)
      message(FATAL_ERROR "Two toolsets define the tool ${name}: its name must be its own.")
    endif()
    if(NOT EXISTS ${tools_dir}/${name}.cpp)
      message(FATAL_ERROR "schemas/${toolset}/${name}.json has no src/tools/${name}.cpp")
    endif()
    list(APPEND names ${name})
    list(APPEND entries ${name}=${toolset})
  endforeach()
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    if(NOT EXISTS ${tools_dir}/${name}.h AND NOT name IN_LIST names)
      message(FATAL_ERROR "src/tools/${name}.cpp has no schemas/<toolset>/${name}.json; a shared "
                          "file there needs a header of its name")
    endif()
  endforeach()

  list(SORT entries)
  set(out ${CMAKE_BINARY_DIR}/generated/tool_table.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/write_tool_table.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSCHEMAS=${schemas_dir} "-DENTRIES=${entries}" -P ${script}
    DEPENDS ${schemas} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
