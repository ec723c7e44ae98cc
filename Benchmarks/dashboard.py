#!/usr/bin/env python3
"""How quick the dashboard's pages are with a large collection, and how large they are.

Measured is the time from a request on a new connection to the first byte of the answer. Baselines: the same page as a
file of Python's http.server; a server of Python's that asks the same SQLite file for the newest fifty runs and their
number, and fills a template; and `pandacap runs`, which looks at all run folders first.

    dashboard.py PANDACAP [RUNS]
"""

import html
import http.client
import http.server
import json
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import catalogue

REPETITIONS = 15


def get(port, path, headers=None):
    """The time to the first byte in milliseconds, the size, and the status."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    first = (time.perf_counter() - start) * 1000
    body = answer.read()
    connection.close()
    return first, body, answer


def measure(port, path, headers=None):
    # The first one may have to count what the others find counted.
    cold, body, answer = get(port, path, headers)
    assert answer.status == 200, (path, answer.status)
    times = sorted(get(port, path, headers)[0] for _ in range(REPETITIONS))
    return cold, statistics.median(times), times[-1], len(body), body


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def table_server(database):
    """What a small program of one's own would be."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row

    class Table(Quiet):
        def do_GET(self):
            count = connection.execute("SELECT count(*) FROM runs").fetchone()[0]
            rows = connection.execute("SELECT * FROM runs ORDER BY planned DESC LIMIT 50").fetchall()
            cells = ("".join(f"<td>{html.escape(str(value))}</td>" for value in row) for row in rows)
            page = f"<p>{count}</p><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
            data = page.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Table


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def main():
    pandacap, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        collection = pathlib.Path(folder) / "traces"
        catalogue.make(collection, count)
        subprocess.run([pandacap, "catalog", "rebuild", "-q", "-o", str(collection)], check=True,
                       stdout=subprocess.DEVNULL)
        start = time.monotonic()
        dashboard = subprocess.Popen(
            [pandacap, "serve", "-o", str(collection), "--json", "-q"], stdout=subprocess.PIPE, text=True
        )
        try:
            lines = ""
            while not lines.rstrip().endswith("}"):
                lines += dashboard.stdout.readline()
            print(f"dashboard of {count} runs: ready after {time.monotonic() - start:.1f} s")
            url = urllib.parse.urlsplit(json.loads(lines)["url"])
            cookie = get(url.port, f"/?{url.query}")[2].headers["Set-Cookie"].split(";")[0]
            headers = {"Cookie": cookie}
            pages = {
                "overview": "/", "runs, the newest": "/runs", "runs, the last page": f"/runs?page={count // 50}",
                "runs, failed ones": "/runs?state=failed", "runs, of an image": "/runs?image=debian-12",
                "runs, of a fleet": "/runs?fleet=honeypots", "runs, by size": "/runs?sort=size",
                "runs, by size, in the middle": f"/runs?sort=size&page={count // 100}",
                "runs, with a text": "/runs?text=SSH-2.0-Go", "runs, with a tag": "/runs?tag=none",
                "a run": "/runs/run-000007", "api, the newest runs": "/api/runs",
            }
            found = {}
            for name, path in pages.items():
                cold, median, worst, size, body = found[name] = measure(url.port, path, headers)
                print(f"dashboard, {name}: {median:.1f} ms to the first byte (the first time {cold:.1f}, at most "
                      f"{worst:.1f}), {size / 1024:.1f} KiB")
            newest = found["runs, the newest"][1]

            static = pathlib.Path(folder) / "static"
            static.mkdir()
            (static / "runs.html").write_bytes(found["runs, the newest"][4])
            plain = serve(lambda *words: Quiet(*words, directory=str(static)))
            median = measure(plain, "/runs.html")[1]
            print(f"dashboard, baseline a file of http.server: {median:.1f} ms, {newest / median:.1f} times of which "
                  "the newest runs take")
            median = measure(serve(table_server(collection / "catalog.sqlite")), "/")[1]
            print(f"dashboard, baseline sqlite3 and a template in Python: {median:.1f} ms, {newest / median:.1f} times "
                  "of which the newest runs take")
            listed = catalogue.median(pandacap, "runs", "-q", "-o", str(collection)) * 1000
            print(f"dashboard, baseline 'pandacap runs': {listed:.0f} ms, {listed / newest:.0f} times as long as the "
                  "newest runs take")
            # While the folders are looked at behind it, and while somebody downloads.
            times = []
            end = time.monotonic() + 20
            while time.monotonic() < end:
                times.append(get(url.port, "/runs", headers)[0])
                time.sleep(0.02)
            times.sort()
            print(f"dashboard, the newest runs over 20 s: {statistics.median(times):.1f} ms (median), "
                  f"{times[len(times) * 99 // 100]:.1f} ms (99 of 100), {times[-1]:.1f} ms (longest)")
            memory = pathlib.Path(f"/proc/{dashboard.pid}/status").read_text()
            resident = next(line.split()[1] for line in memory.splitlines() if line.startswith("VmRSS"))
            print(f"dashboard, resident memory: {int(resident) / 1024:.0f} MiB")
        finally:
            dashboard.terminate()
            dashboard.wait(30)


if __name__ == "__main__":
    main()
