"""Gives half of the generated posts what no generator can guess: accounts that exist, a time to come; and takes
places in lists out of what is asked.

Only data that follows the document is touched; what is meant to be refused stays as it is.
"""

import datetime
import itertools
import os
import zlib

import schemathesis

ACCOUNTS = [int(account) for account in os.environ["CONTRACT_ACCOUNTS"].split(",")]
# Platforms refuse to publish the same text again.
NUMBERS = itertools.count(1)
POST_BODIES = ("create_post", "update_post", "schedule_post", "retry_post")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes a post acceptable, and begins lists at their beginning."""
    if is_valid(case) and isinstance(case.query, dict):
        # A place in a list is what an answer gave out.
        case.query.pop("cursor", None)
    for name in case.headers or {} if is_valid(case) else ():
        if name.lower() == "idempotency-key":
            # One that came before is answered as then, with what may be gone since.
            case.headers[name] = f"key-{next(NUMBERS)}"
    body = case.body
    operation = context.operation.definition.raw.get("operationId")
    if operation not in POST_BODIES or not isinstance(body, dict) or not is_valid(case):
        return
    if zlib.crc32(repr(body).encode()) % 2:
        return
    if isinstance(body.get("account_ids"), list) or operation == "create_post":
        body["account_ids"] = ACCOUNTS[: max(1, len(body.get("account_ids") or []))]
    for name in ("scheduled_for", "scheduled_at"):
        if body.get(name):
            body[name] = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).isoformat()
    if body.get("timezone"):
        body["timezone"] = "Europe/Berlin"
    for name in ("media_ids", "campaign_id", "use_queue", "platform_content"):
        body.pop(name, None)
    if operation == "create_post":
        text = (body.get("content") or "").replace("\0", "")[:200]
        body["content"] = f"{text} {next(NUMBERS)}"
        if body.get("scheduled_for"):
            body.pop("publish_now", None)
    if operation == "schedule_post" and not body.get("scheduled_for"):
        body["publish_now"] = True


def is_valid(case):
    return case.meta is not None and case.meta.generation.mode.is_positive
