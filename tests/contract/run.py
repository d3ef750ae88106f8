"""Tests a running server against its own OpenAPI document, and with requests that must be refused.

Start it with the Python of an environment that has the packages of requirements.txt:
    python tests/contract/run.py [examples per operation]
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import bad_input  # noqa: E402
from demo import Demo  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261002
EXAMPLES = 60
TIME_LIMIT_SECONDS = 600
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
)


def main():
    # A stop from outside must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    with Demo() as demo:
        refused = bad_input.report(demo)
        conforms = follow_the_document(demo, examples)
        alive = demo.is_alive()
    return 0 if refused and conforms and alive else 1


def follow_the_document(demo, examples):
    print(f"schemathesis: seed {SEED}, {examples} examples per operation", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "CONTRACT_ACCOUNTS": ",".join(str(account) for account in demo.accounts.values()),
            "HYPOTHESIS_STORAGE_DIRECTORY": folder,
            "NO_COLOR": "1",
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SCHEMATHESIS_HOOKS": "hooks",
        }
        try:
            code = subprocess.run(
                [
                    program(),
                    "--config-file", str(HERE / "schemathesis.toml"),
                    "run",
                    f"{demo.base_url}/api/v1/openapi.json",
                    "--header", f"Authorization: Bearer {demo.chief_key}",
                    "--checks", ",".join(CHECKS),
                    "--seed", str(SEED),
                    "--max-examples", str(examples),
                    "--request-timeout", "10",
                    # Its answer has no end.
                    "--exclude-operation-id", "stream_events",
                    "--continue-on-failure",
                ],
                cwd=folder,
                env=environment,
                timeout=TIME_LIMIT_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            print(f"schemathesis took more than {TIME_LIMIT_SECONDS} s")
            return False
    return code == 0


def program():
    """The schemathesis of this Python's environment."""
    beside = pathlib.Path(sys.executable).parent / "schemathesis"
    return str(beside) if beside.exists() else "schemathesis"


if __name__ == "__main__":
    sys.exit(main())
