#!/usr/bin/env python3
"""Holds the imports against the picture in which modules may know only those below them.

Prints each import that goes up or sideways, and each third-party package that more than one module imports.
"""

import pathlib
import re
import sys

# From the ground up; modules of one row do not know each other.
ROWS = [
    {"DiskFiles", "QMP", "Traces", "HostSupport"},
    {
        "DebianPackages", "GuestEvents", "LibraryLogs", "LinuxKernel", "PageTemplates", "RunRecords", "TraceArchives",
        "TraceStore", "YAMLFiles",
    },
    {"Bootstrap", "Catalogue", "PandaEngine", "GuestImages", "WebServer"},
    {"Containers"},
    {"Capture", "Inspection", "Replays"},
    {"Datasets", "Fleets"},
    {"Analyses", "Dashboard"},
    {"Commands"},
    {"pandacap"},
]
SYSTEM = {"Foundation", "Glibc", "Dispatch", "Synchronization"}
# The families of a package whose modules are imported together.
FAMILIES = {"NIOCore": "NIO", "NIOPosix": "NIO", "SystemPackage": "Subprocess",
            "HummingbirdCore": "Hummingbird"}
# Command-line types are declared where the arguments are.
IMPORT = re.compile(r"^(?:public |package |internal |@\w+ )*import (?:\w+ )?(\w+)", re.MULTILINE)


def main() -> int:
    row_of = {module: number for number, row in enumerate(ROWS) for module in row}
    users: dict[str, set[str]] = {}
    problems = []
    for path in sorted(pathlib.Path("Sources").rglob("*.swift")):
        module = path.parts[1]
        if module not in row_of:
            problems.append(f"{path}: the module {module} is in no row of {__file__}")
            continue
        for name in IMPORT.findall(path.read_text()):
            if name in row_of:
                if row_of[name] >= row_of[module]:
                    problems.append(f"{path}: {module} must not know {name}, which is not below it")
            elif name not in SYSTEM:
                users.setdefault(FAMILIES.get(name, name), set()).add(module)
    for package, modules in sorted(users.items()):
        if len(modules) > 1:
            problems.append(f"{package} is imported by more than one module: {', '.join(sorted(modules))}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
