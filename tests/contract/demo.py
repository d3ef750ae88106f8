"""Starts a demo server on free ports and stops it."""

import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 30


class Demo:
    """A running demo. Use it with `with`: it is stopped and its data is gone at the end."""

    def __enter__(self):
        binary = os.environ.get("FANFARE_BIN", str(ROOT / "target/debug/fanfare"))
        self._folder = tempfile.TemporaryDirectory(prefix="fanfare-contract-")
        self._data = os.path.join(self._folder.name, "data")
        self._log = open(os.path.join(self._folder.name, "log"), "w+", encoding="utf-8")
        # The server reads every FANFARE_ variable as a setting; a test wants the defaults.
        self._binary = binary
        env = {name: value for name, value in os.environ.items() if not name.startswith("FANFARE_")}
        self._process = subprocess.Popen(
            [binary, "demo", "--json", "--port", "0", "--sandbox-port", "0", "--data-dir", self._data],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**env, "TMPDIR": self._folder.name},
            text=True,
        )
        try:
            ready = json.loads(self._first_line())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.base_url = ready["base_url"]
        self.api_key = ready["api_key"]
        self.chief_key = self._make_key("read,write,ai,approve", env)
        self.accounts = {entry["platform"]: entry["account_id"] for entry in ready["accounts"]}
        return self

    def __exit__(self, kind, _value, _trace):
        process = self._process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        log = self.log()
        self._log.close()
        self._folder.cleanup()
        if kind is None and code != 0:
            raise RuntimeError(f"the demo ended with {code}\n{log}")

    def is_alive(self):
        return self._process.poll() is None

    def log(self):
        """What the server has written to its log so far."""
        self._log.flush()
        with open(self._log.name, encoding="utf-8") as log:
            return log.read()

    def _make_key(self, scopes, env):
        command = [self._binary, "key", "create", "Chief", "--scopes", scopes, "--data-dir", self._data]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()

    def _first_line(self):
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self._process.stdout.readline()), daemon=True).start()
        try:
            line = lines.get(timeout=START_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"the demo was not ready after {START_SECONDS} s\n{self.log()}") from None
        if not line:
            raise RuntimeError(f"the demo ended with {self._process.wait()}\n{self.log()}")
        return line
