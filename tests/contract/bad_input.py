"""Requests that must be refused: with the right status and code, the field named, nothing changed.

Needs nothing but the standard library. `run.py` runs it; it also runs by itself.
"""

import http.client
import json
import re
import sys
import time
import urllib.parse

import bad_cases
from bad_cases import minutes_ahead, post
from demo import Demo

SLOW_SECONDS = 5

TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
REQUEST_ID = re.compile(r"^[0-9a-f]{8}$")


class Api:
    """Sends requests as they are, however broken."""

    def __init__(self, demo):
        self.address = urllib.parse.urlsplit(demo.base_url).netloc
        self.api_key = demo.api_key

    def send(self, method, path, body=None, headers=None, key=True):
        sent = {}
        if key is not None:
            sent["Authorization"] = f"Bearer {self.api_key}" if key is True else key
        if body is not None:
            sent["Content-Type"] = "application/json"
        for name, value in (headers or {}).items():
            sent.pop(name, None)
            if value is not None:
                sent[name] = value
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path if path.startswith("/api") else f"/api/v1{path}", body, sent)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        answer, text = self.send(method, path, None if body is None else json.dumps(body).encode())
        document = json.loads(text)
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:500]!r}")
        return document["data"]

    def total(self):
        return self.ask("GET", "/posts?limit=1")["pagination"]["total"]


def run(demo):
    """Sends every case; returns the number of cases and what was wrong with the answers."""
    api = Api(demo)
    account = demo.accounts["linkedin"]
    scheduled = api.ask("POST", "/posts", {
        "content": "A post that stays as it is", "account_ids": [account], "scheduled_for": minutes_ahead(600),
    })["post_id"]
    draft = api.ask("POST", "/posts", {"content": "A draft that stays as it is", "draft": True})["post_id"]
    before = [api.ask("GET", f"/posts/{kept}") for kept in (scheduled, draft)]
    total = api.total()

    cases = list(bad_cases.all_cases(account, scheduled, draft))
    problems = []
    for case in cases:
        started = time.monotonic()
        try:
            answer, text = api.send(case.method, case.path, case.body, case.headers, case.key)
        except OSError as error:
            problems.append(f"{case}\n    no answer: {error!r}")
            continue
        wrong = check(case, answer, text)
        took = time.monotonic() - started
        if took > SLOW_SECONDS:
            wrong.append(f"took {took:.1f} s")
        problems.extend(f"{case}\n    {what}; answer: {answer.status} {text[:400]!r}" for what in wrong)

    problems.extend(duplicates(api, account))
    after = [api.ask("GET", f"/posts/{kept}") for kept in (scheduled, draft)]
    if after != before:
        problems.append(f"a refused change left traces: {before} became {after}")
    if api.total() != total:
        problems.append(f"GET /posts counted {total} posts before and {api.total()} after refusals only")
    return len(cases) + 1, problems


def check(case, answer, text):
    """What is wrong with an answer."""
    wrong = []

    def expect(what, seen, wanted):
        if seen != wanted:
            wrong.append(f"{what} is {seen!r}, not {wanted!r}")

    expect("the status", answer.status, case.status)
    expect("the content type", answer.headers.get_content_type(), "application/json")
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"):
        if not (answer.headers.get(name) or "").isdigit():
            wrong.append(f"{name} is {answer.headers.get(name)!r}")
    if case.status == 405:
        allowed = answer.headers.get("Allow") or ""
        if not allowed or case.method in re.split(r"\s*,\s*", allowed):
            wrong.append(f"Allow is {answer.headers.get('Allow')!r}")
    try:
        document = json.loads(text)
    except ValueError:
        return [*wrong, "the body is not JSON"]
    expect("the envelope", sorted(document), ["data", "error", "meta"])
    expect("data", document.get("data"), None)
    expect("the members of meta", sorted(document.get("meta") or {}), ["request_id", "timestamp"])
    meta = document.get("meta") or {}
    expect("x-request-id", answer.headers.get("x-request-id"), meta.get("request_id"))
    if not REQUEST_ID.match(str(meta.get("request_id"))):
        wrong.append(f"request_id is {meta.get('request_id')!r}")
    if not TIMESTAMP.match(str(meta.get("timestamp"))):
        wrong.append(f"timestamp is {meta.get('timestamp')!r}")
    return wrong + check_error(case, document.get("error"))


def check_error(case, error):
    if not isinstance(error, dict):
        return [f"error is {error!r}"]
    wrong = []
    if error.get("code") not in case.codes:
        wrong.append(f"error.code is {error.get('code')!r}, not {' or '.join(case.codes)}")
    if error.get("retryable") is not False:
        wrong.append(f"error.retryable is {error.get('retryable')!r}")
    message = error.get("message")
    if not isinstance(message, str) or not message.strip():
        wrong.append(f"error.message is {message!r}")
    elif case.message and case.message.lower() not in message.lower():
        wrong.append(f"error.message {message!r} does not hold {case.message!r}")
    if set(error) - {"message", "code", "retryable", "details"}:
        wrong.append(f"error has the members {sorted(error)}")
    if case.field:
        named = str((error.get("details") or {}).get("field"))
        if not re.match(rf"{re.escape(case.field)}(?:[.\[]|$)", named):
            wrong.append(f"error.details.field is {named!r}, not {case.field!r}")
    return wrong


def duplicates(api, account):
    """An account that is named twice gets the post once."""
    made = api.ask("POST", "/posts", post(account, content="named twice", account_ids=[account] * 3))
    api.ask("DELETE", f"/posts/{made['post_id']}")
    wrong = []
    if made["account_ids"] != [account] or len(made["destinations"]) != 1 or made["accounts_count"] != 1:
        wrong.append(f"an account that is named three times must get the post once: {made}")
    return wrong


def report(demo):
    """Runs everything and prints what was wrong; whether nothing was."""
    count, problems = run(demo)
    for problem in problems:
        print(f"  {problem}")
    print(f"bad input: {count} checks, {len(problems)} problems", flush=True)
    return not problems


if __name__ == "__main__":
    with Demo() as started:
        SOUND = report(started)
    sys.exit(0 if SOUND else 1)
