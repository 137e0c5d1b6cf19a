#!/usr/bin/env python3
"""Fails when a file under src/ includes a layer above it, or a library that has one home only."""
import pathlib
import re
import sys

# What each layer may include besides itself: docs/design.md, "The flow".
MAY_INCLUDE = {
    "base": set(),
    "jsonrpc": {"base"},
    "net": {"base"},
    "motion": {"net", "base"},
    "mosaic": {"net", "base"},
    "motioness": {"net", "base"},
    "jobs": {"motion", "mosaic", "net", "base"},
    "download": {"net", "base"},
    "auth": {"net", "base"},
    "mcp": {"jsonrpc", "base"},
    "transport": {"mcp", "jsonrpc", "base"},
    "tools": {"mcp", "jobs", "download", "motion", "mosaic", "motioness", "net", "base"},
    "sandbox": {"base"},
    "app": {"transport", "tools", "auth", "mcp", "jobs", "download", "motion", "mosaic", "motioness", "net", "sandbox",
            "jsonrpc", "base"},
}
# Libraries that are kept out of sight of everything else.
ONLY_IN = {
    "httplib.h": ("net/", "sandbox/"),
    "valijson/": ("mcp/",),
    "CLI/": ("app/", "main.cpp"),
    "boost/": ("transport/http_listener.cpp", "transport/http_connection.cpp", "transport/http_wire.h",
               "transport/http_wire.cpp", "transport/http_request_reader.cpp", "auth/guarded_fetch.cpp"),
    "openssl/": ("base/random.cpp", "base/digest.cpp", "base/hmac.cpp", "base/seal.cpp", "base/secret.cpp", "net/tls.h",
                 "net/tls.cpp", "auth/guarded_fetch.cpp"),
    "sqlite3.h": ("base/sqlite.cpp",),
    "spdlog/": ("base/log.cpp",),
    "nlohmann/": ("base/json.h", "base/json_value.h"),
}
INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)')


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    bad = []
    checked = 0
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".h", ".cpp"}:
            continue
        rel = path.relative_to(root)
        layer = rel.parts[0]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            checked += 1
            included = match[2]
            top = included.split("/")[0]
            where = f"{rel}:{number}"
            if top in MAY_INCLUDE and len(rel.parts) > 1 and top != layer:
                if top not in MAY_INCLUDE.get(layer, set()):
                    bad.append(f"{where}: {layer}/ may not include {top}/")
            for library, homes in ONLY_IN.items():
                if not included.startswith(library):
                    continue
                if not str(rel).startswith(homes):
                    bad.append(f"{where}: {library} belongs in {', '.join(homes)} only")
    print("\n".join(bad) if bad else f"{checked} includes follow the order of the layers")
    return 1 if bad or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
