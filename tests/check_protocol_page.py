#!/usr/bin/env python3
"""Holds docs/protocol.md to the sources: every test that it names exists, and every number in its table names one.

    check_protocol_page.py REPOSITORY
"""

import pathlib
import re
import sys

FOLDERS = {"golden": "golden", "http-front": "http", "http-listener": "http"}


def folder_of(suite):
    return "unit/" + suite.removeprefix("unit-") if suite.startswith("unit-") else FOLDERS[suite]


def cases_in(folder):
    """The names of the doctest cases in a folder; a name may be split over lines."""
    names = set()
    for file in folder.glob("*_test.cpp"):
        for literal in re.findall(r'TEST_CASE\(((?:\s*"(?:[^"\\]|\\.)*")+)', file.read_text()):
            names.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal)).replace('\\"', '"'))
    return names


def main():
    root = pathlib.Path(sys.argv[1])
    page = (root / "docs/protocol.md").read_text()
    listed = {int(number): (suite, name)
              for number, suite, name in re.findall(r"^(\d+)\. `([\w-]+)`: (.+)$", page, re.MULTILINE)}
    rows = [line for line in page.splitlines() if line.startswith("|")][2:]
    faults = []
    named = set()
    for row in rows:
        cells = row.strip("|").split("|")
        if len(cells) != 6:
            faults.append(f"not a feature and five versions: {row}")
        for cell in cells[1:]:
            numbers = [int(number) for number in re.findall(r"\[(\d+)\]", cell)]
            named.update(numbers)
            if not numbers:
                faults.append(f"{cells[0].strip()}: a cell names no test: {cell.strip()}")
    for number in sorted(named ^ set(listed)):
        faults.append(f"[{number}] is " + ("not listed" if number in named else "listed and not used"))
    for number, (suite, name) in listed.items():
        if name not in cases_in(root / "tests" / folder_of(suite)):
            faults.append(f"{number}. there is no such case: {suite}: {name}")
    for fault in faults:
        print(f"docs/protocol.md: {fault}")
    print(f"{len(rows)} features, {len(listed)} tests")
    return 1 if faults or len(rows) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
