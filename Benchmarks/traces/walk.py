#!/usr/bin/env python3
"""Walks the entries of a nondeterminism log (64-bit layout) and counts kinds: what scripts of the field do.

    walk.py LOG
"""

import collections
import mmap
import struct
import sys

PAYLOAD = {0: 1, 1: 2, 2: 4, 3: 8, 4: 4, 5: 2, 7: 0, 8: 4, 9: 4}
CALLS = {
    0: (24, 16, "<I"), 1: (40, 24, "<I"), 2: (24, 16, "<Q"), 3: (32, 0, None), 4: (32, 0, None), 5: (16, 8, "<I"),
    6: (16, 0, None), 7: (16, 0, None), 8: (16, 0, None), 9: (16, 0, None), 10: (24, 20, "<I"),
}

kinds = collections.Counter()
with open(sys.argv[1], "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as log:
    head = struct.Struct("<QBB")
    offset, size = 8, len(log)
    while offset + 10 <= size:
        count, kind, callsite = head.unpack_from(log, offset)
        kinds[kind] += 1
        offset += 10
        if kind != 6:
            offset += PAYLOAD[kind]
            continue
        structure, place, form = CALLS[log[offset]]
        offset += 1
        length = struct.unpack_from(form, log, offset + place)[0] if form else 0
        offset += structure + length
print(sum(kinds.values()))
