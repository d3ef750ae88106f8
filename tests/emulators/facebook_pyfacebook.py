"""Runs pyfacebook, a public client of the Graph API, against the emulated Facebook.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import json
import os
import sys
from urllib.request import Request, urlopen

from pyfacebook import FacebookError, GraphAPI

SANDBOX = os.environ["FANFARE_SANDBOX_URL"].rstrip("/")
GRAPH = f"{SANDBOX}/graph.facebook.com/"
VERSION = "v24.0"


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"facebook: {what}: {got!r} in place of {wanted!r}")


def sandbox(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(SANDBOX + path, data, {"content-type": "application/json"}, method=method)
    with urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def graph(token, version=VERSION):
    return GraphAPI(
        app_id=account["client_id"],
        app_secret=account["client_secret"],
        access_token=token,
        base_url=GRAPH,
        version=version,
        ignore_version_check=True,
    )


def refused(what, call):
    try:
        answer = call()
    except FacebookError as error:
        return error
    sys.exit(f"facebook: {what} was taken: {answer!r}")


account = sandbox("POST", "/_sandbox/accounts", {"platform": "facebook", "username": "pyfacebook", "pages": 120, "token": True})
page_id, page = account["platform_user_id"], graph(account["credentials"]["access_token"])
owner = graph(account["user_access_token"])

pages = owner.get_full_connections("me", "accounts", fields="id,name,access_token,tasks", count=None, limit=50)
expect("how many Pages there are", len(pages["data"]), 120)
expect("the Page", page.get_object(page_id, fields="id,name")["id"], page_id)

post = page.post_object(page_id, "feed", data={"message": "Fresh bread"})
read = page.get_object(post["id"], fields="id,message,permalink_url")
expect("the message that is read back", read["message"], "Fresh bread")
feed = page.get_connection(page_id, "published_posts", fields="id,message")
expect("the feed", [entry["id"] for entry in feed["data"]], [post["id"]])
comment = page.post_object(post["id"], "comments", data={"message": "Open until six"})
expect("a comment", bool(comment["id"]), True)

debug = owner.debug_token(account["credentials"]["access_token"])["data"]
expect("a Page's token", (debug["is_valid"], debug["type"]), (True, "PAGE"))

expect("a made-up token's code", refused("a made-up token", lambda: graph("nobody").get_object("me")).code, 190)
expect("an unknown Page's code", refused("a Page of nobody", lambda: page.get_object("1")).code, 100)
refused("a version that has ended", lambda: graph(account["user_access_token"], "v20.0").get_object("me"))
sandbox("POST", "/_sandbox/faults", {"platform": "facebook", "kind": "rate_limit", "times": 1})
limited = refused("a call beyond the limit", lambda: page.post_object(page_id, "feed", data={"message": "Too fast"}))
expect("a limit's code", limited.code in (4, 17, 32, 613), True)

page.delete_object(post["id"])
live = sandbox("GET", f"/_sandbox/posts?platform=facebook&account={page_id}")["posts"]
expect("what is live", [entry["text"] for entry in live if not entry["reply_to"]], [])
print("facebook: pyfacebook published, read back, deleted and was refused as it should be")
