#!/usr/bin/env python3
"""Adds up ctest's JUnit files: a table per file, the names of what failed, "N passed, N failed" as the last line.

A suite counts as the number of cases that it reports itself (doctest, node:test), any other test as one. A case
that was skipped, and a suite that failed or died without naming a failed case, count as failed.
"""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree

DOCTEST = re.compile(r"test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed(?: \| +(\d+) skipped)?")
NODE = re.compile(r"^\S+ (pass|fail|cancelled|skipped|todo) (\d+)$", re.MULTILINE)


def cases(output):
    """The passed and failed cases that the output of a suite tells of, or (0, 0)."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    found = DOCTEST.findall(plain)
    if found:
        return (sum(int(row[1]) for row in found),
                sum(int(row[2]) + int(row[3] or 0) for row in found))
    node = dict((name, int(number)) for name, number in NODE.findall(plain))
    return node.pop("pass", 0), sum(node.values())


def add_up(path):
    passed, failed, names = 0, 0, []
    for test in ElementTree.parse(path).getroot().iter("testcase"):
        good, bad = cases(test.findtext("system-out") or "")
        if test.get("status") == "run":
            good = max(good, 1 if bad == 0 else 0)
        else:
            bad = max(bad, 1)
        if bad:
            names.append(test.get("name"))
        passed, failed = passed + good, failed + bad
    return passed, failed, names


def main(paths):
    total_passed, total_failed = 0, 0
    for path in paths:
        passed, failed, names = add_up(path)
        total_passed, total_failed = total_passed + passed, total_failed + failed
        part = os.path.splitext(os.path.basename(path))[0]
        print(f"{part:20} {passed:5} passed {failed:5} failed   {' '.join(names)}".rstrip())
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or not total_passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
