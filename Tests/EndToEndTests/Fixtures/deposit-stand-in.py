#!/usr/bin/env python3
"""A stand-in for the deposit interface of Zenodo, which fails on demand; it keeps nothing and publishes nothing.

Usage: deposit-stand-in.py FOLDER. The port is written to FOLDER/port, every request to FOLDER/requests, one a line.
FOLDER/failures has what is to go wrong, one a line, each for one request: METHOD PATH-PART WHAT, where WHAT is a status, a
status with seconds to wait (429:1), `hang-up` (after a part of the body), `damage` (the file is stored changed), `lose` (done,
but the answer is a 500), `slow` (the answer takes ten seconds), or `elsewhere` (the bucket's address is another host's).
"""

import hashlib
import json
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = pathlib.Path(sys.argv[1])
TOKENS = {"Bearer good-token": None, "Bearer expired-token": 401, "Bearer weak-token": 403}
LOCK = threading.Lock()
DEPOSITS = {}


def failure(method, path):
    """Takes the first failure that is meant for a request."""
    with LOCK:
        file = FOLDER / "failures"
        lines = file.read_text().splitlines() if file.exists() else []
        for number, line in enumerate(lines):
            wanted, part, what = line.split()
            if wanted == method and part in path:
                file.write_text("".join(rest + "\n" for rest in lines[:number] + lines[number + 1:]))
                return what
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, wait=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if wait is not None:
            self.send_header("Retry-After", wait)
        self.end_headers()
        self.wfile.write(data)

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length)

    def deposit(self, number, elsewhere=False):
        base = f"http://127.0.0.1:{self.server.server_port}"
        deposit = DEPOSITS[number]
        return {
            "id": number,
            "submitted": deposit["submitted"],
            "doi": f"10.5072/stand-in.{number}" if deposit["submitted"] else "",
            "metadata": deposit["metadata"],
            "files": [
                {"filename": name, "filesize": len(data), "checksum": hashlib.md5(data).hexdigest()}
                for name, data in deposit["files"].items()
            ],
            "links": {
                "bucket": ("http://198.51.100.1" if elsewhere else base) + f"/api/files/{number}",
                "html": f"{base}/deposit/{number}",
            },
        }

    def handle_request(self):
        method, path = self.command, self.path
        with LOCK, open(FOLDER / "requests", "a") as log:
            log.write(f"{method} {path}\n")
        what = failure(method, path)
        refusal = TOKENS.get(self.headers.get("Authorization"), 401)
        if refusal:
            self.close_connection = True
            return self.answer(refusal, {"message": "Permission denied.", "status": refusal})
        if what == "hang-up":
            self.rfile.read(int(self.headers.get("Content-Length") or 0) // 2)
            self.close_connection = True
            return None
        if what == "slow":
            time.sleep(10)
        body = self.body()
        if what and what[0].isdigit():
            status, _, wait = what.partition(":")
            return self.answer(int(status), {"message": "asked to fail"}, wait or None)
        answer = self.act(method, path.strip("/").split("/")[1:], body, what)
        if what == "lose":
            answer = (500, {"message": "the answer was lost"})
        return self.answer(*answer)

    def act(self, method, path, body, what):
        if path[:1] == ["files"] and method == "PUT":
            number, name = int(path[1]), path[2]
            if number not in DEPOSITS or DEPOSITS[number]["submitted"]:
                return 404, {"message": "there is no such bucket"}
            data = body[:-1] + b"?" if what == "damage" else body
            DEPOSITS[number]["files"][name] = data
            return 201, {"key": name, "size": len(data), "checksum": "md5:" + hashlib.md5(data).hexdigest()}
        if path[:2] != ["deposit", "depositions"]:
            return 404, {"message": "not found"}
        if len(path) == 2 and method == "POST":
            number = 1000 + len(DEPOSITS)
            DEPOSITS[number] = {"submitted": False, "metadata": {}, "files": {}}
            return 201, self.deposit(number, what == "elsewhere")
        number = int(path[2])
        if number not in DEPOSITS:
            return 404, {"message": "PID does not exist."}
        if path[3:] == ["actions", "publish"]:
            if DEPOSITS[number]["submitted"]:
                return 400, {"message": "published already"}
            if not DEPOSITS[number]["metadata"].get("title"):
                return 400, {"message": "Validation error.", "errors": [{"field": "metadata.title", "message": "missing"}]}
            DEPOSITS[number]["submitted"] = True
            return 202, self.deposit(number)
        if method == "PUT":
            metadata = json.loads(body)["metadata"]
            if metadata.get("title") == "bad":
                error = {"field": "metadata.title", "message": "is bad"}
                return 400, {"message": "Validation error.", "errors": [error]}
            DEPOSITS[number]["metadata"] = metadata
        return 200, self.deposit(number)

    do_GET = do_POST = do_PUT = handle_request


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
(FOLDER / "port.new").write_text(str(server.server_port))
(FOLDER / "port.new").rename(FOLDER / "port")
server.serve_forever()
