"""The requests that must be refused, by what is wrong with them."""

import datetime
import json

UNKNOWN_POST = "00000000-0000-4000-8000-000000000000"
UNKNOWN_ACCOUNT = 999_999
UNKNOWN_KEY = "pe_live_" + "0" * 32
HUGE = 10**30
# In `post`: leave the member out.
DELETED = object()


def minutes_ahead(minutes):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Case:
    """One request and the refusal that it must meet.

    `field` must be named in `details.field`; an entry of a list or a member of an object may be
    named more closely. `code` may be several where the contract leaves it open.
    """

    def __init__(self, name, method, path, body=None, *, status=400, code="validation_error", field=None,
                 message=None, headers=None, key=True):
        self.name = name
        self.method = method
        self.path = path
        self.body = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.codes = (code,) if isinstance(code, str) else code
        self.field = field
        self.message = message
        self.headers = headers or {}
        self.key = key

    def __str__(self):
        body = "" if self.body is None else f" {self.body[:120]!r}{'…' if len(self.body) > 120 else ''}"
        return f"{self.name}: {self.method} {self.path[:120]}{body}"


def all_cases(account, scheduled, draft):
    """Every case. `scheduled` and `draft` are posts that exist."""
    yield from broken_bodies(account)
    yield from wrong_types(account, "POST", "/posts")
    yield from wrong_types(account, "PATCH", f"/posts/{scheduled}")
    yield from wrong_flags(account)
    yield from wrong_names(account)
    yield from wrong_accounts(account, scheduled, draft)
    yield from wrong_times(account, scheduled, draft)
    yield from wrong_zones(account, scheduled)
    yield from wrong_media(account)
    yield from nul_characters(account)
    yield from wrong_schedules(account, scheduled, draft)
    yield from wrong_retries(account, scheduled)
    yield from wrong_resolutions(account, scheduled)
    yield from wrong_approvals(account, scheduled)
    yield from wrong_many(account)
    yield from wrong_rows()
    yield from wrong_failures(account)
    yield from wrong_idempotency_keys(account)
    yield from wrong_ids()
    yield from wrong_queries()
    yield from wrong_queues()
    yield from wrong_periods()
    yield from wrong_routes()
    yield from wrong_keys(account)


def post(account, **changes):
    """A body that would be accepted, but for the changes."""
    body = {"content": "never to be seen", "account_ids": [account], "scheduled_for": minutes_ahead(600), **changes}
    return {name: value for name, value in body.items() if value is not DELETED}


def broken_bodies(account):
    good = json.dumps(post(account)).encode()
    texts = {
        "an empty body": b"",
        "white space": b" \n\t ",
        "half an object": b"{",
        "half a body": good[:-1],
        "something after the body": good + b" {}",
        "a trailing comma": good[:-1] + b",}",
        "single quotes": b"{'content': 'x'}",
        "a bare word": b"nul",
        "not a number": b'{"content": NaN}',
        "a comment": b'{"content": "x" /* y */}',
        "invalid UTF-8": good.replace(b"never", b"ne\xffver"),
        "an overlong UTF-8 sequence": good.replace(b"never", b"ne\xc0\xafver"),
        "UTF-16": json.dumps(post(account)).encode("utf-16"),
        "half a surrogate pair": good.replace(b"never", b"\\ud83c"),
        "a raw NUL": good.replace(b"never", b"ne\x00ver"),
        "100,000 open brackets": b"[" * 100_000,
        "100,000 nested lists": b"[" * 100_000 + b"]" * 100_000,
        "100,000 nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "deep nesting in a setting": good[:-1] + b', "platform_content": {"x": {"settings": {"a": '
        + b"[" * 100_000 + b"]" * 100_000 + b"}}}}",
    }
    for name, text in texts.items():
        yield Case(name, "POST", "/posts", text, code="invalid_json")
    yield Case("a raw line break in a text", "POST", "/posts", good.replace(b"never", b"ne\nver"),
               code="invalid_json", message="\\n")

    for value in (b"null", b"true", b"5", b'"text"', b"[]", b"[" + good + b"]"):
        yield Case("a body that is no object", "POST", "/posts", value)
    yield Case("an object without members", "POST", "/posts", {})
    yield Case("members that nobody knows", "POST", "/posts", {"hello": "world"})

    yield Case("a text of a megabyte", "POST", "/posts", post(account, content="x" * 1_000_000),
               code="content_too_long", field="content")
    yield Case("a body of 3 MB", "POST", "/posts", post(account, content="x" * 3_000_000),
               status=413, code="payload_too_large")
    for declared in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                     "application/jsonp", "text/json5"):
        yield Case("a body that is said to be something else", "POST", "/posts", post(account),
                   status=415, code="unsupported_media_type", headers={"Content-Type": declared},
                   message="application/json")


def wrong_types(account, method, path):
    """Every field of a post with values of every wrong type."""
    not_a_text = (5, 1.5, True, [], {}, ["x"])
    not_a_list = (5, True, "x", {}, "3121,3127")
    wrong = {
        "content": not_a_text,
        "timezone": not_a_text,
        "scheduled_for": (*not_a_text, 1_800_000_000),
        "scheduled_at": not_a_text,
        "account_ids": (*not_a_list, account, [str(account)], [account + 0.5], [True], [None], [[account]], [{}]),
        "media_ids": (*not_a_list, [5], [None], [True], [{"media_id": UNKNOWN_POST}]),
        "thread_posts": (*not_a_list, [5], [None], [["x"]]),
        "platform_content": (5, True, "x", [], {"x": 5}, {"x": "text"}, {"x": []}, {"x": {"content": 5}},
                             {"x": {"settings": []}}, {"x": {"settings": "x"}}, {"x": {"contentType": 5}}),
        "campaign_id": (1.5, True, "12", [], {}, [12]),
    }
    for field, values in wrong.items():
        for value in values:
            if method == "PATCH":
                body = {field: value}
            elif field == "scheduled_at":
                body = post(account, scheduled_for=DELETED, scheduled_at=value)
            else:
                body = post(account, **{field: value})
            yield Case(f"{field} of a wrong type", method, path, body, field=field)


def wrong_flags(account):
    for field in ("draft", "publish_now", "use_queue"):
        for value in (0, 1, "true", "yes", [], {}):
            yield Case(f"{field} of a wrong type", "POST", "/posts", post(account, **{field: value}), field=field)
    yield Case("publish_now and a time", "POST", "/posts", post(account, publish_now=True), field="publish_now")
    yield Case("a queue and a time", "POST", "/posts", post(account, use_queue=True), field="use_queue")


def wrong_names(account):
    meant = {
        "media_ids": ("media", "media_id", "mediaId", "attachments", "url", "mediaIds"),
        "scheduled_for": ("scheduledFor", "scheduledAt", "schedule_at", "publish_at", "scheduled_time"),
        "account_ids": ("accounts", "account_id", "accountIds", "accountId", "social_account_ids"),
        "content": ("text", "message", "caption", "body"),
        "platform_content": ("platformContent", "platforms"),
    }
    for right, names in meant.items():
        for name in names:
            yield Case("a well-known wrong name", "POST", "/posts", post(account, **{name: "x"}),
                       code="invalid_field_name", message=f"did you mean {right}")


def wrong_accounts(account, scheduled, draft):
    unknown = {"one unknown id": [UNKNOWN_ACCOUNT], "a known and an unknown id": [account, UNKNOWN_ACCOUNT],
               "a negative id": [-1], "zero": [0], "the largest id": [2**63 - 1],
               "an unknown id twice": [UNKNOWN_ACCOUNT, UNKNOWN_ACCOUNT]}
    for name, ids in unknown.items():
        for method, path, body in (
            ("POST", "/posts", post(account, account_ids=ids)),
            ("POST", "/posts", {"content": "x", "draft": True, "account_ids": ids}),
            ("PATCH", f"/posts/{scheduled}", {"account_ids": ids}),
            ("POST", f"/posts/{draft}/schedule", {"publish_now": True, "account_ids": ids}),
        ):
            yield Case(name, method, path, body, code="invalid_accounts", field="account_ids", message=str(ids[-1]))
    either = ("invalid_accounts", "validation_error")
    for number in (HUGE, -HUGE, 2**63, 2**64, -(2**63) - 1):
        yield Case("an id beyond 64 bits", "POST", "/posts", post(account, account_ids=[number]),
                   code=either, field="account_ids")
    yield Case("an id beyond floating point", "POST", "/posts",
               json.dumps(post(account)).replace(f"[{account}]", "[1e400]").encode(), code=(*either, "invalid_json"))
    yield Case("10,000 unknown ids", "POST", "/posts", post(account, account_ids=list(range(10**6, 10**6 + 10_000))),
               code=either, field="account_ids")
    yield Case("one unknown id 10,000 times", "POST", "/posts", post(account, account_ids=[UNKNOWN_ACCOUNT] * 10_000),
               code=either, field="account_ids")
    yield Case("no accounts", "POST", "/posts", post(account, account_ids=[]), field="account_ids")
    yield Case("accounts left out", "POST", "/posts", post(account, account_ids=DELETED), field="account_ids")
    yield Case("accounts that are null", "POST", "/posts", post(account, account_ids=None), field="account_ids")
    yield Case("all accounts taken away", "PATCH", f"/posts/{scheduled}", {"account_ids": []}, field="account_ids")
    yield Case("a draft for no account", "POST", f"/posts/{draft}/schedule", {"publish_now": True}, field="account_ids")
    for number in (HUGE, -HUGE, 2**63, 999_999, -1):
        yield Case("an unknown campaign", "POST", "/posts", post(account, campaign_id=number), field="campaign_id")


def wrong_times(account, scheduled, draft):
    past = ("2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1900-01-01T00:00:00.000Z", "2020-01-01T00:00:00",
            "2020-01-01T23:59:59.999999+14:00", "2020-01-01T00:00:00-12:00", minutes_ahead(-2), minutes_ahead(-60))
    for text in past:
        for method, path, body in (
            ("POST", "/posts", post(account, scheduled_for=text)),
            ("POST", "/posts", post(account, scheduled_for=DELETED, scheduled_at=text)),
            ("PATCH", f"/posts/{scheduled}", {"scheduled_for": text}),
        ):
            yield Case("a time that is over", method, path, body, code="past_schedule_time", field="scheduled_for",
                       message="future")
    no_time = ("", "tomorrow", "now", "0", "1800000000", "12:00", "2027-13-01T00:00:00Z", "2027-02-30T00:00:00Z",
               "2027-01-01T25:00:00Z", "2027-01-01T00:60:00Z", "2027-01-01T00:00:00+99:99", "2027-01-01T00:00:00 Mars",
               "99999999-01-01T00:00:00Z", "2027-01-01T00:00:00Z; DROP TABLE posts", "2027-01-01T00:00:00Z" * 1_000)
    for text in no_time:
        yield Case("no time at all", "POST", "/posts", post(account, scheduled_for=text), field="scheduled_for")
        yield Case("no time at all", "PATCH", f"/posts/{scheduled}", {"scheduled_for": text}, field="scheduled_for")
        yield Case("no time at all", "POST", f"/posts/{draft}/schedule",
                   {"scheduled_for": text, "account_ids": [account]}, field="scheduled_for")


def wrong_zones(account, scheduled):
    for name in ("", " ", "Mars/One", "Europe/Atlantis", "europe\\berlin", "../../etc/passwd", "/etc/localtime",
                 "UTC;", "Europe/Berlin ", "CEST+2 please", "Zoë/🍂", "A" * 10_000):
        yield Case("no time zone", "POST", "/posts", post(account, timezone=name),
                   code="invalid_timezone", field="timezone")
        yield Case("no time zone", "PATCH", f"/posts/{scheduled}", {"timezone": name},
                   code="invalid_timezone", field="timezone")


def wrong_media(account):
    for ids in (["x"], [""], ["00000000-0000-4000-8000"], [UNKNOWN_POST], [UNKNOWN_POST, UNKNOWN_POST],
                [UNKNOWN_POST] * 10_000):
        yield Case("media that are not there", "POST", "/posts", post(account, media_ids=ids), field="media_ids")
    yield Case("a platform that nobody knows", "POST", "/posts",
               post(account, platform_content={"myspace": {"content": "x"}}), field="platform_content")
    for body in (post(account, content=""), post(account, content=DELETED), post(account, content=None),
                 post(account, content=" \n ")):
        yield Case("nothing to say", "POST", "/posts", body, field="content")


def nul_characters(account):
    for field, body in {
        "content": post(account, content="a\0b"),
        "timezone": post(account, timezone="UTC\0"),
        "scheduled_for": post(account, scheduled_for="2027-01-01T00:00:00Z\0"),
        "media_ids": post(account, media_ids=["\0"]),
        "thread_posts": post(account, thread_posts=["fine", "\0"]),
        "platform_content": post(account, platform_content={"x": {"content": "\0"}}),
    }.items():
        yield Case("an escaped NUL", "POST", "/posts", body, field=field)
    yield Case("an escaped NUL in a name", "POST", "/posts", post(account, platform_content={"x\0": {}}))
    yield Case("an escaped NUL in a draft", "POST", "/posts", {"content": "\0", "draft": True}, field="content")


def wrong_approvals(account, scheduled):
    path = f"/posts/{scheduled}/request-approval"
    for value in (1, True, [], {}):
        yield Case("a note of a wrong type", "POST", path, {"note": value}, field="note")
    yield Case("a note that is too long", "POST", path, {"note": "x" * 2001}, field="note")
    yield Case("an escaped NUL in a note", "POST", path, {"note": "a\0b"}, field="note")
    for value in (1, "true", [], {}):
        body = post(account, request_approval=value)
        yield Case("request_approval of a wrong type", "POST", "/posts", body, field="request_approval")
    for step, body in (("approve", {}), ("request-changes", {"note": "No"})):
        yield Case("a step without its scope", "POST", f"/posts/{scheduled}/{step}", body, status=403,
                   code="insufficient_scope")
    yield Case("a state that is none", "GET", "/posts?approval=maybe", field="approval")
    yield Case("a post that is none", "POST", f"/posts/{UNKNOWN_POST}/request-approval", {}, status=404,
               code="not_found")


def wrong_schedules(account, scheduled, draft):
    path = f"/posts/{draft}/schedule"
    both = {"publish_now": True, "scheduled_for": minutes_ahead(60), "account_ids": [account]}
    yield Case("neither a time nor now", "POST", path, {"account_ids": [account]})
    yield Case("a time and now", "POST", path, both)
    yield Case("now, but false", "POST", path, {"publish_now": False, "account_ids": [account]})
    yield Case("an empty body", "POST", path, b"", code=("invalid_json", "validation_error"))
    for value in (1, "true", [], {}):
        yield Case("publish_now of a wrong type", "POST", path, {"publish_now": value}, field="publish_now")
    yield Case("a time zone that is none", "POST", path,
               {"publish_now": True, "account_ids": [account], "timezone": "Mars/One"},
               code="invalid_timezone", field="timezone")
    yield Case("less than a minute ahead", "POST", path,
               {"scheduled_for": minutes_ahead(0.5), "account_ids": [account]},
               code=("validation_error", "past_schedule_time"), field="scheduled_for", message="minute")
    yield Case("a time that is over", "POST", path,
               {"scheduled_for": "2020-01-01T00:00:00Z", "account_ids": [account]},
               code="past_schedule_time", field="scheduled_for")
    yield Case("what is scheduled already", "POST", f"/posts/{scheduled}/schedule", {"publish_now": True},
               status=409, code="conflict")
    yield Case("a change of nothing", "PATCH", f"/posts/{scheduled}", {}, message="at least one")
    yield Case("a change of what nobody knows", "PATCH", f"/posts/{scheduled}", {"hello": 1}, message="at least one")
    yield Case("a change by a wrong name", "PATCH", f"/posts/{scheduled}", {"media_id": "x"},
               code="invalid_field_name", message="did you mean media_ids")


def wrong_retries(account, scheduled):
    path = f"/posts/{scheduled}/retry"
    for value in (account, "x", {}, ["x"], [None], [1.5]):
        yield Case("account_ids of a wrong type", "POST", path, {"account_ids": value}, field="account_ids")
    for body in (5, [], "x"):
        yield Case("a retry that is no object", "POST", path, body)
    yield Case("an account that the post does not go to", "POST", path, {"account_ids": [UNKNOWN_ACCOUNT]},
               code="invalid_accounts", field="account_ids")
    yield Case("half a body", "POST", path, b"{", code="invalid_json")


def wrong_resolutions(account, scheduled):
    path = f"/posts/{scheduled}/resolve"
    live = {"account_id": account, "outcome": "published"}
    for value in (None, "x", {}, [account], 1.5):
        yield Case("account_id of a wrong type", "POST", path, {**live, "account_id": value}, field="account_id")
    for value in (None, 5, "maybe", ["published"]):
        yield Case("an outcome that there is not", "POST", path, {**live, "outcome": value}, field="outcome")
    for value in (None, 5, "x.com/1", "ftp://x.com/1", "https://x.com/\u0000", "https://x.com/ 1"):
        yield Case("no address", "POST", path, {**live, "platform_post_url": value}, field="platform_post_url")
    yield Case("an outcome that is known", "POST", path, {"account_id": account, "outcome": "not_published"},
               status=409, code="conflict")


def wrong_many(account):
    path = "/posts/bulk"
    for value in (None, 5, "x", {}, [], True):
        yield Case("posts that are no list", "POST", path, {"posts": value}, field="posts")
    yield Case("posts left out", "POST", path, {}, field="posts")
    yield Case("a list in place of an object", "POST", path, [post(account)])
    yield Case("51 posts", "POST", path, {"posts": [post(account)] * 51}, code="bulk_limit_exceeded", field="posts")
    yield Case("10,000 posts", "POST", path, {"posts": [{}] * 10_000}, code="bulk_limit_exceeded", field="posts")
    yield Case("a NUL in one of the posts", "POST", path, {"posts": [post(account), post(account, content="a\0b")]},
               field="posts[1].content")
    yield Case("half a body", "POST", path, b'{"posts": [', code="invalid_json")


def row(**other):
    return {"date": "2030-01-31", "time": "09:30", "content": "a row", "platforms": "x", **other}


def wrong_rows():
    path = "/posts/bulk-schedule"
    zone = {"timezone": "UTC", "dryRun": True}
    for value in (None, 5, "x", {}, [], True):
        yield Case("rows that are no list", "POST", path, {"posts": value, **zone}, field="posts")
    yield Case("101 rows", "POST", path, {"posts": [row()] * 101, **zone}, code="bulk_limit_exceeded", field="posts")
    for value in (None, 5, "", " ", [], {}):
        yield Case("a zone that is none", "POST", path, {"posts": [row()], "timezone": value}, field="timezone")
    yield Case("a zone that nobody knows", "POST", path, {"posts": [row()], "timezone": "Mars/Olympus"},
               code="invalid_timezone", field="timezone")
    for value in (5, "x", [1]):
        yield Case("a mapping that is none", "POST", path, {"posts": [row()], "accountMapping": value, **zone},
                   field="accountMapping")
    yield Case("a mapping to no id", "POST", path, {"posts": [row()], "accountMapping": {"x": "y"}, **zone},
               field="accountMapping.x")
    yield Case("a NUL in a row", "POST", path, {"posts": [row(), row(platforms="a\0b")], **zone},
               field="posts[1].platforms")
    yield Case("half a body", "POST", path, b'{"posts": [', code="invalid_json")


def wrong_failures(account):
    path = "/posts/retry-failed"
    wrong = {
        "post_ids": (5, "x", {}, [], ["x"], [None], [5], [UNKNOWN_POST] * 201),
        "account_id": ("x", str(account), 1.5, [account], True, HUGE),
        "platform": (5, [], {}, "myspace", ""),
        "failed_after": (5, [], "yesterday", "", "2027-13-01T00:00:00Z"),
        "failed_before": (5, {}, "tomorrow", "99999999-01-01T00:00:00Z"),
        "max_attempts": (0, 11, -1, 1.5, "3", [], HUGE),
    }
    for field, values in wrong.items():
        for value in values:
            body = {"platform": "x", field: value}
            yield Case(f"{field} with a bad value", "POST", path, body, field=field)
    yield Case("an account that is not there", "POST", path, {"account_id": UNKNOWN_ACCOUNT}, code="invalid_accounts")
    for body in ({}, {"max_attempts": 3}, {"post_ids": None}):
        yield Case("no filter", "POST", path, body, field="body")


def wrong_idempotency_keys(account):
    for key in ("", " ", "x" * 256, "x" * 10_000, "caf\u00e9", "a\tb"):
        yield Case("a key that is none", "POST", "/posts", post(account), field="Idempotency-Key",
                   headers={"Idempotency-Key": key.encode()})


def wrong_ids():
    posts = (UNKNOWN_POST, "x", "0", "-1", UNKNOWN_POST[:-1], UNKNOWN_POST + "0", "%00", "%ff", "%2e%2e", "a%2Fb",
             "%7B%7D", "null", "x" * 5_000, "'%20OR%201=1")
    for post_id in posts:
        for method, path, body in (
            ("GET", f"/posts/{post_id}", None),
            ("PATCH", f"/posts/{post_id}", {"content": "x"}),
            ("DELETE", f"/posts/{post_id}", None),
            ("GET", f"/posts/{post_id}/results", None),
            ("GET", f"/posts/{post_id}/attempts", None),
            ("POST", f"/posts/{post_id}/retry", None),
            ("POST", f"/posts/{post_id}/resolve", {"account_id": 1, "outcome": "not_published"}),
            ("POST", f"/posts/{post_id}/schedule", {"publish_now": True}),
        ):
            yield Case("an unknown post", method, path, body, status=404, code="not_found", message="not found")
    for account_id in (str(UNKNOWN_ACCOUNT), "0", "-1", "x", "1.5", str(HUGE), str(2**63), "%00", "%ff", UNKNOWN_POST):
        for path in (f"/accounts/{account_id}", f"/accounts/{account_id}/health", f"/accounts/{account_id}/limits"):
            yield Case("an unknown account", "GET", path, status=404, code="not_found", message="not found")


def wrong_queries():
    wrong = {
        "limit": ("0", "101", "-1", "x", "1.5", "1e2", str(HUGE), "10,20", "%00"),
        "offset": ("-1", "x", "1.5", str(-HUGE)),
        "status": ("gone", "draft,gone", "Draft%20", "%27"),
        "platform": ("myspace", "x,myspace"),
        "sort": ("name", "created_at;", "id", "created_at,updated_at"),
        "order": ("up", "ascending", "asc,desc"),
        "account_id": ("x", "1.5", str(HUGE), "1,2"),
        "campaign_id": ("x", "1.5", str(HUGE)),
        "search": ("%00", "a%00b"),
        "cursor": ("", "x", "%00", "MTIz", "%F0%9F%8E%89", "x" * 5_000),
    }
    for name in ("created_after", "created_before", "scheduled_after", "scheduled_before", "published_after",
                 "published_before", "updated_after"):
        wrong[name] = ("tomorrow", "0", "2027-13-01T00:00:00Z", "99999999-01-01T00:00:00Z", "%00")
    for name, values in wrong.items():
        for value in values:
            yield Case("a parameter with a bad value", "GET", f"/posts?{name}={value}", field=name)


def wrong_queues():
    slot = {"day": 1, "time": "09:00"}
    wrong = {
        "slots": (5, True, "09:00", {}, [], [5], ["09:00"], [None], [[]], [{}], [{"day": 1}], [{"time": "09:00"}],
                  [{"day": 0, "time": "09:00"}], [{"day": 8, "time": "09:00"}], [{"day": 1.5, "time": "09:00"}],
                  [{"day": "1", "time": "09:00"}], [{"day": HUGE, "time": "09:00"}], [{"day": 1, "time": "24:00"}],
                  [{"day": 1, "time": "9:00"}], [{"day": 1, "time": 900}], [{"day": 1, "time": "٠٩:٠٠"}],
                  [slot] * 501),
        "name": (5, True, [], {}, "", " ", "x" * 101),
    }
    for field, values in wrong.items():
        for value in values:
            yield Case(f"a queue whose {field} are none", "PATCH", "/queue", {"slots": [slot], field: value}, field=field)
    yield Case("no change of a queue", "PATCH", "/queue", {}, field="body")
    for zone in ("", "Mars/One", "../../etc/passwd", "A" * 10_000):
        yield Case("no time zone", "PATCH", "/queue", {"slots": [slot], "timezone": zone},
                   code="invalid_timezone", field="timezone")
        yield Case("no time zone", "GET", f"/best-times?platform=x&timezone={zone}",
                   code="invalid_timezone", field="timezone")
    for value in ("0", "31", "-1", "x", "1.5", str(HUGE), "%00"):
        yield Case("a parameter with a bad value", "GET", f"/queue?preview={value}", field="preview")
    for query, field in (("", "account_ids"), ("account_ids=x", "account_ids"), ("account_ids=1,", "account_ids"),
                         (f"account_ids={HUGE}", "account_ids"), ("platform=myspace", "platform"),
                         ("platform=x&account_ids=1", "platform")):
        yield Case("no accounts and no platform", "GET", f"/best-times?{query}", field=field)
    yield Case("an unknown account", "GET", f"/best-times?account_ids={UNKNOWN_ACCOUNT}",
               code="invalid_accounts", field="account_ids")


def wrong_periods():
    later, earlier = "2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"
    for query, field in (("period=year", "period"), ("period=", "period"), ("period=week,month", "period"),
                         ("period=%00", "period"), ("period=custom", "from"), (f"period=custom&from={earlier}", "to"),
                         (f"to={later}", "from"), (f"from=0&to={later}", "from"), (f"from={later}&to={earlier}", "to")):
        yield Case("no period", "GET", f"/analytics/summary?{query}", field=field)
        yield Case("no period", "GET", f"/analytics/breakdown?{query}", field=field)
    for query, field in (("by=hour", "by"), ("by=", "by"), ("by=day,platform", "by"), ("account_id=x", "account_id"),
                         ("campaign_id=1.5", "campaign_id"), (f"account_id={HUGE}", "account_id"),
                         ("platform=%00", "platform"),
                         ("from=0001-01-01T00:00:00Z&to=9999-01-01T00:00:00Z", "from")):
        yield Case("nothing to tell apart", "GET", f"/analytics/breakdown?{query}", field=field)
    for zone in ("", "Mars/One", "../../etc/passwd"):
        yield Case("no time zone", "GET", f"/analytics/breakdown?timezone={zone}",
                   code="invalid_timezone", field="timezone")
    for query, field in (("from=monday", "from"), ("to=", "to"), ("to=%00", "to"),
                         (f"from={later}&to={earlier}", "to")):
        yield Case("no time of readings", "GET", f"/accounts/{UNKNOWN_ACCOUNT}/metrics?{query}", field=field)
    yield Case("an unknown account", "GET", f"/accounts/{UNKNOWN_ACCOUNT}/metrics", status=404, code="not_found")
    yield Case("an unknown post", "GET", f"/posts/{UNKNOWN_POST}/metrics", status=404, code="not_found")


def wrong_routes():
    for path in ("/nope", "/posts/x/y/z", f"/posts/{UNKNOWN_POST}/nope", "/accounts/1/nope", "/account", "/me/keys",
                 "/posts%00", "/api/v1", "/api/v1/", "/api/v2/posts", "/api/v1//posts", "/api/nope"):
        yield Case("a route that is not there", "GET", path, status=404, code="not_found")
    yield Case("a route that is not there", "POST", "/nope", {"content": "x"}, status=404, code="not_found")
    for method, path in (
        ("PUT", "/posts"), ("PATCH", "/posts"), ("DELETE", "/posts"), ("POST", "/accounts"), ("DELETE", "/accounts"),
        ("PATCH", "/me"), ("POST", "/me"), ("POST", "/platform-rules"), ("PUT", f"/posts/{UNKNOWN_POST}"),
        ("GET", f"/posts/{UNKNOWN_POST}/retry"), ("GET", f"/posts/{UNKNOWN_POST}/schedule"),
        ("POST", f"/posts/{UNKNOWN_POST}/results"), ("PUT", "/accounts/1"), ("DELETE", "/accounts/1/health"),
    ):
        yield Case("a method that the path does not take", method, path, status=405, code="method_not_allowed")


def wrong_keys(account):
    keys = (None, "", "Bearer", "Bearer ", "Basic YTpi", UNKNOWN_KEY, f"Bearer {UNKNOWN_KEY}", "Bearer pe_live_",
            "Bearer pe_test_" + "0" * 32, "Bearer " + "x" * 5_000, "Bearer ' OR 1=1", f"Token {UNKNOWN_KEY}")
    for key in keys:
        yield Case("no key that works", "GET", "/accounts", status=401, code="unauthorized", key=key)
        yield Case("no key that works", "POST", "/posts", post(account), status=401, code="unauthorized", key=key)
        yield Case("no key and a broken body", "POST", "/posts", b"{", status=401, code="unauthorized", key=key)
        yield Case("no key and an unknown post", "GET", "/posts/x", status=401, code="unauthorized", key=key)
