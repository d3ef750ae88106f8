"""Runs tweepy, a public client of the X API, against the emulated X.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import json
import os
import sys
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import requests
import tweepy

SANDBOX = os.environ["FANFARE_SANDBOX_URL"].rstrip("/")


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"x: {what}: {got!r} in place of {wanted!r}")


def sandbox(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(SANDBOX + path, data, {"content-type": "application/json"}, method=method)
    with urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Rewritten(requests.Session):
    """Sends to the sandbox what the client means for the real host."""

    def request(self, method, url, **more):
        return super().request(method, f"{SANDBOX}/api.x.com{urlsplit(url).path}", **more)


def client_of(token):
    client = tweepy.Client(token, wait_on_rate_limit=False)
    client.session = Rewritten()
    return client


def refused(what, kind, call):
    try:
        call()
    except kind as error:
        return error
    sys.exit(f"x: {what} was taken")


account = sandbox("POST", "/_sandbox/accounts", {"platform": "x", "username": "tweepy", "token": True})
client = client_of(account["credentials"]["access_token"])

me = client.get_me(user_auth=False).data
expect("identity", (str(me.id), me.username), (account["platform_user_id"], "tweepy"))

first = client.create_tweet(text="A first part", user_auth=False).data
second = client.create_tweet(text="A second one", in_reply_to_tweet_id=first["id"], user_auth=False).data
read = client.get_tweet(second["id"], tweet_fields=["referenced_tweets"]).data
expect("the text that is read back", read.text, "A second one")
expect("what it answers", str(read.referenced_tweets[0].id), first["id"])

mine = client.get_users_tweets(me.id, max_results=5).data
expect("the latest posts", [str(post.id) for post in mine], [second["id"], first["id"]])

poll = client.create_tweet(text="Tea or coffee?", poll_options=["Tea", "Coffee"], poll_duration_minutes=60, user_auth=False)
expect("a poll", poll.data["text"].startswith("Tea or coffee?"), True)

refused("a text that is too long", tweepy.Forbidden, lambda: client.create_tweet(text="x" * 281, user_auth=False))
refused("the same text again", tweepy.Forbidden, lambda: client.create_tweet(text="A first part", user_auth=False))
refused("a made-up token", tweepy.Unauthorized, lambda: client_of("nobody").get_me(user_auth=False))
sandbox("POST", "/_sandbox/faults", {"platform": "x", "kind": "rate_limit", "times": 1})
limited = refused("a post beyond the limit", tweepy.TooManyRequests, lambda: client.create_tweet(text="Too fast", user_auth=False))
expect("a limit's end", limited.response.headers["x-rate-limit-reset"].isdigit(), True)

client.delete_tweet(first["id"], user_auth=False)
live = sandbox("GET", "/_sandbox/posts?platform=x&account=" + account["platform_user_id"])["posts"]
expect("what is live", [post["text"] for post in live], ["A second one", "Tea or coffee?"])
print("x: tweepy published, read back, deleted and was refused as it should be")
