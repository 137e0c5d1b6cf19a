#!/usr/bin/env python3
"""Fails when a file uses a name of the standard library whose header neither it nor a header of ours that it includes names.

A precompiled header, or another library's header, hides what is missing until somebody builds without it.
"""
import functools
import os
import pathlib
import re
import sys

NAMES_OF = {
    "algorithm": "all_of any_of clamp count_if equal find find_if lower_bound max max_element min none_of remove_if search sort "
                 "stable_sort transform unique upper_bound",
    "array": "array",
    "atomic": "atomic atomic_bool atomic_flag",
    "charconv": "from_chars to_chars",
    "chrono": "chrono",
    "condition_variable": "condition_variable condition_variable_any",
    "cstdint": "int32_t int64_t uint16_t uint32_t uint64_t uint8_t",
    "deque": "deque",
    "exception": "exception exception_ptr",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "function invoke",
    "future": "async future promise",
    "iostream": "cerr cin cout",
    "iterator": "back_inserter",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "enable_shared_from_this make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag scoped_lock unique_lock",
    "numeric": "accumulate iota",
    "optional": "nullopt optional",
    "random": "mt19937 mt19937_64 random_device uniform_int_distribution uniform_real_distribution",
    "regex": "regex regex_match smatch",
    "set": "multiset set",
    "shared_mutex": "shared_lock shared_mutex",
    "span": "span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "invalid_argument logic_error runtime_error",
    "stop_token": "stop_callback stop_source stop_token",
    "string": "stoi string to_string",
    "string_view": "string_view",
    "thread": "jthread this_thread thread",
    "tuple": "make_tuple tie tuple",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "exchange forward move pair swap",
    "variant": "get_if holds_alternative monostate variant visit",
    "vector": "vector",
}
HEADER_OF = {name: header for header, names in NAMES_OF.items() for name in names.split()}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)', re.MULTILINE)
NOT_CODE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"')
USE = re.compile(r"\bstd::(\w+)")


@functools.cache
def text_of(path: pathlib.Path) -> str:
    return path.read_text()


def home_of(included: str, includer: pathlib.Path, folders: list[pathlib.Path]) -> pathlib.Path | None:
    places = (folder / included for folder in [includer.parent, *folders])
    return next((place for place in places if place.is_file()), None)


def headers_named(path: pathlib.Path, folders: list[pathlib.Path]) -> set[str]:
    """What <...> the file and the headers of ours behind it name."""
    named: set[str] = set()
    seen: set[pathlib.Path] = set()
    left = [path]
    while left:
        at = left.pop().resolve()
        if at in seen:
            continue
        seen.add(at)
        for kind, included in INCLUDE.findall(text_of(at)):
            ours = home_of(included, at, folders) if kind == '"' else None
            if ours:
                left.append(ours)
            else:
                named.add(included)
    return named


def sources_in(folder: pathlib.Path) -> list[pathlib.Path]:
    found = []
    for at, inner, files in os.walk(folder):
        inner[:] = [name for name in inner if name != "node_modules"]
        found += [pathlib.Path(at, name) for name in files if name.endswith((".h", ".cpp"))]
    return sorted(found)


def main() -> int:
    folders = [pathlib.Path(folder) for folder in sys.argv[1:]]
    bad = []
    checked = 0
    for path in (path for folder in folders for path in sources_in(folder)):
        checked += 1
        named = headers_named(path, folders)
        for name in sorted(set(USE.findall(NOT_CODE.sub("", text_of(path))))):
            if name in HEADER_OF and HEADER_OF[name] not in named:
                bad.append(f"{path}: std::{name} wants <{HEADER_OF[name]}>")
    print("\n".join(bad) if bad else f"{checked} files name the headers of what they use")
    return 1 if bad or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
