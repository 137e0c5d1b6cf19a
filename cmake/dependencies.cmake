# Finds the libraries by CMake config, by pkg-config or by header, and names the Debian package of
# one that is missing. Each becomes an imported target `dep::<name>`, a system include.
find_package(PkgConfig QUIET)

function(require_dependency name package)
  if(NOT TARGET dep::${name})
    message(FATAL_ERROR "${name} was not found. On Debian or Ubuntu: apt-get install ${package}")
  endif()
endfunction()

function(dependency_by_header name header)
  find_path(${name}_INCLUDE_DIR ${header})
  if(${name}_INCLUDE_DIR)
    add_library(dep::${name} INTERFACE IMPORTED GLOBAL)
    set_target_properties(dep::${name} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${${name}_INCLUDE_DIR}")
  endif()
endfunction()

find_package(OpenSSL 3 QUIET)
if(OPENSSL_FOUND)
  add_library(dep::openssl INTERFACE IMPORTED GLOBAL)
  set_target_properties(dep::openssl PROPERTIES INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto")
endif()
require_dependency(openssl libssl-dev)

find_package(SQLite3 3.37 QUIET)  # STRICT tables
if(TARGET SQLite::SQLite3)
  add_library(dep::sqlite INTERFACE IMPORTED GLOBAL)
  # The archive, where there is one: the library would cost every start a tenth of its time, and the
  # only file that it reads here is our own.
  find_library(sqlite_archive libsqlite3.a)
  if(sqlite_archive)
    set_target_properties(dep::sqlite PROPERTIES
      INTERFACE_LINK_LIBRARIES "${sqlite_archive};m;${CMAKE_DL_LIBS}")
  else()
    set_target_properties(dep::sqlite PROPERTIES INTERFACE_LINK_LIBRARIES SQLite::SQLite3)
  endif()
endif()
require_dependency(sqlite libsqlite3-dev)

dependency_by_header(json nlohmann/json.hpp)
require_dependency(json nlohmann-json3-dev)

dependency_by_header(valijson valijson/validator.hpp)
require_dependency(valijson libvalijson-dev)

dependency_by_header(cli11 CLI/CLI.hpp)
require_dependency(cli11 libcli11-dev)

# spdlog and fmt: by header, for the one file that logs. Their libraries would cost every start a
# tenth of its time.
find_package(spdlog QUIET)
if(TARGET spdlog::spdlog_header_only AND TARGET fmt::fmt-header-only)
  add_library(dep::spdlog INTERFACE IMPORTED GLOBAL)
  get_target_property(spdlog_includes spdlog::spdlog_header_only INTERFACE_INCLUDE_DIRECTORIES)
  set_target_properties(dep::spdlog PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${spdlog_includes}"
    INTERFACE_COMPILE_DEFINITIONS SPDLOG_FMT_EXTERNAL
    INTERFACE_LINK_LIBRARIES fmt::fmt-header-only)
endif()
require_dependency(spdlog libspdlog-dev)

# cpp-httplib: Debian 12 has a compiled library described by pkg-config, whose macros are part of
# its ABI; newer ones are (also) a stand-alone header.
if(PKG_CONFIG_FOUND)
  pkg_check_modules(httplib_pc QUIET IMPORTED_TARGET cpp-httplib)
endif()
find_path(httplib_INCLUDE_DIR httplib.h)
if(TARGET PkgConfig::httplib_pc)
  add_library(dep::httplib INTERFACE IMPORTED GLOBAL)
  set_target_properties(dep::httplib PROPERTIES INTERFACE_LINK_LIBRARIES "PkgConfig::httplib_pc;dep::openssl")
elseif(httplib_INCLUDE_DIR)
  add_library(dep::httplib INTERFACE IMPORTED GLOBAL)
  # Newer ones would hold back a body of 1 KiB or more for up to a second, waiting for a 100.
  set_target_properties(dep::httplib PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${httplib_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS "CPPHTTPLIB_OPENSSL_SUPPORT;CPPHTTPLIB_EXPECT_100_THRESHOLD=0"
    INTERFACE_LINK_LIBRARIES dep::openssl)
  find_package(ZLIB QUIET)
  if(ZLIB_FOUND)
    target_compile_definitions(dep::httplib INTERFACE CPPHTTPLIB_ZLIB_SUPPORT)
    target_link_libraries(dep::httplib INTERFACE ZLIB::ZLIB)
  endif()
endif()
require_dependency(httplib libcpp-httplib-dev)

# Boost.Asio and Beast: headers only. Older ones lack as_tuple.
find_path(boost_VERSION_DIR boost/version.hpp)
if(boost_VERSION_DIR)
  file(STRINGS "${boost_VERSION_DIR}/boost/version.hpp" boost_VERSION_LINE REGEX "define BOOST_VERSION ")
  string(REGEX MATCH "[0-9]+" boost_VERSION "${boost_VERSION_LINE}")
  if(boost_VERSION GREATER_EQUAL 108100)
    dependency_by_header(boost boost/beast/http/basic_parser.hpp)
  endif()
endif()
require_dependency(boost "libboost-dev (1.81 or newer; Debian 12: libboost1.81-dev)")

if(MOTION_MCP_TESTS)
  dependency_by_header(doctest doctest/doctest.h)
  require_dependency(doctest doctest-dev)
endif()
