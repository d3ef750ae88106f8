"""Runs a real WordPress for one test: Debian's package, unpacked into `site`, on a MariaDB of its own.

Prints one line of JSON when it takes requests: {"url", "users": {name: {"id", "password"}}, "log"},
the passwords being application passwords, the log what PHP and the database wrote. Ends when its
input is closed, so that it cannot outlive the test, or on SIGTERM. WP_PERMALINKS=plain leaves out the readable addresses.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SITE = HERE / "site"
PATIENCE_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, is_ready, process):
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_ready():
        if process.poll() is not None:
            raise SystemExit(f"{what} ended before it was ready")
        if time.monotonic() > end:
            raise SystemExit(f"{what} is not ready after {PATIENCE_SECONDS} seconds")
        time.sleep(0.02)


def accepts(path):
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def database(folder, log):
    """A server without accounts, which only this folder's socket leads to."""
    data = folder / "data"
    data.mkdir()
    # A server that starts removes all temporary tables where it keeps its own, and one that loses
    # them crashes.
    temporary = folder / "tmp"
    temporary.mkdir()
    program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    common = [program, "--no-defaults", f"--datadir={data}", f"--tmpdir={temporary}", "--skip-log-bin"]
    if os.geteuid() == 0:
        common.append("--user=root")
    begin = "CREATE DATABASE mysql;\nCREATE DATABASE wordpress;\n"
    subprocess.run([*common, "--bootstrap"], input=begin.encode(), stdout=log, stderr=log, check=True)
    place = folder / "sql"
    server = subprocess.Popen(
        [*common, "--skip-grant-tables", "--skip-networking", f"--socket={place}", "--innodb-flush-log-at-trx-commit=0"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log,
    )
    until("the database", lambda: accepts(place), server)
    return server, place


def content(folder):
    """What a site writes to, and the one theme and plugins that it brings."""
    root = folder / "wp-content"
    (root / "uploads").mkdir(parents=True)
    for name in ("plugins", "themes"):
        (root / name).symlink_to(SITE / "wp-content" / name)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fanfare-wp-"))
    log = (folder / "log").open("ab")
    running = []
    try:
        server, place = database(folder, log)
        running.append(server)
        content(folder)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        world = {
            **os.environ,
            "WP_SOCKET": str(place),
            "WP_FOLDER": str(folder),
            "WP_URL": url,
            # A site that asks itself something would wait for itself otherwise.
            "PHP_CLI_SERVER_WORKERS": "4",
        }
        php = ["php", "-d", "upload_max_filesize=8M", "-d", "post_max_size=9M"]
        installed = subprocess.run(
            [*php, "-d", "display_errors=stderr", str(HERE / "install.php")],
            env=world, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, check=True,
        )
        users = json.loads(installed.stdout.decode().strip().splitlines()[-1])
        site = subprocess.Popen(
            [*php, "-S", f"127.0.0.1:{port}", "-t", str(SITE), str(HERE / "router.php")],
            env=world, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
        running.append(site)
        until("the site", lambda: answers(f"{url}/?rest_route=/"), site)
        print(json.dumps({"url": url, "users": users, "log": log.name}), flush=True)
        sys.stdin.read()
    except BaseException:
        log.flush()
        sys.stderr.write((folder / "log").read_text(errors="replace")[-4000:])
        raise
    finally:
        for process in reversed(running):
            # PHP's workers are children of its first process.
            stop = os.killpg if process is not running[0] else os.kill
            stop(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main()
