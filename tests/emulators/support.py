"""What the scripts for Python clients share: the sandbox's control API, and the way to it."""

import json
import os
import struct
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

SANDBOX = os.environ["FANFARE_SANDBOX_URL"].rstrip("/")
NAME = Path(sys.argv[0]).stem


def fail(why):
    sys.exit(f"{NAME}: {why}")


def expect(what, got, wanted):
    if got != wanted:
        fail(f"{what}: {got!r} in place of {wanted!r}")


def refused(what, kind, call):
    """The exception of this kind with which a client reports a refusal."""
    try:
        answer = call()
    except kind as error:
        return error
    fail(f"{what}: {answer!r} in place of a {kind.__name__}")


def control(method, path, body=None):
    """Calls the sandbox's control API."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{SANDBOX}/_sandbox/{path}", data=data, method=method)) as answer:
        return json.loads(answer.read() or b"null")


def account(platform, **wanted):
    return control("POST", "accounts", {"platform": platform, **wanted})


def fault(platform, kind, **more):
    control("POST", "faults", {"platform": platform, "kind": kind, **more})


def published(platform, account):
    """What is public, oldest first."""
    return control("GET", f"posts?platform={platform}&account={account}")["posts"]


def advance(seconds):
    control("POST", "clock", {"advance_ms": seconds * 1000})


def lead_to_sandbox():
    """Lets every session of `requests` ask for the platforms' own addresses, and reach the sandbox.

    The client keeps its addresses; the sandbox tells the platforms apart by the Host header.
    """
    import requests
    from requests.adapters import HTTPAdapter

    class ToSandbox(HTTPAdapter):
        def send(self, request, **kwargs):
            asked, sandbox = urlsplit(request.url), urlsplit(SANDBOX)
            request.headers["Host"] = asked.netloc
            request.url = asked._replace(scheme=sandbox.scheme, netloc=sandbox.netloc).geturl()
            response = super().send(request, **{**kwargs, "proxies": None})
            response.url = request.url = asked.geturl()
            return response

    adapter = ToSandbox()
    requests.Session.get_adapter = lambda _session, url: adapter


def consent(url, **choice):
    """Opens a consent page as a browser does and answers the address that it leads back to."""
    import requests

    answer = requests.get(url, params=choice, allow_redirects=False, timeout=30)
    if "Location" not in answer.headers:
        fail(f"the consent page answered {answer.status_code}: {answer.text[:300]}")
    return answer.headers["Location"]


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def png(width=640, height=480):
    """A grey PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width, height):
    """The head of a JPEG, which says how large it is."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xd9"


def film(size_bytes):
    """What begins as an MP4 does."""
    return (b"\0\0\0\x18ftypisom" + bytes(range(256)) * (size_bytes // 256 + 1))[:size_bytes]


def serve_files(body_of):
    """Serves `body_of(path)` on a free port, for a platform to fetch; answers its address."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self):
            body = body_of(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
