"""Runs Mastodon.py, an independent client of Mastodon's API, against the emulated servers.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import os
import sys

sys.dont_write_bytecode = True

from mastodon import (  # noqa: E402
    Mastodon,
    MastodonAPIError,
    MastodonIllegalArgumentError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonServiceUnavailableError,
    MastodonUnauthorizedError,
)

from support import (  # noqa: E402
    SANDBOX,
    account,
    advance,
    consent,
    expect,
    fault,
    film,
    lead_to_sandbox,
    png,
    published,
    query_of,
    refused,
)

SERVER = "mastodon.social"
OTHER = "mastodon.online"
REDIRECT = "https://fanfare.example/connect/callback/mastodon"
SCOPES = ["profile", "read:statuses", "write:statuses", "write:media"]


def client(server=SERVER, **more):
    return Mastodon(api_base_url=f"https://{server}", ratelimit_method="throw", **more)


def sign_in(handle):
    """Registers an app with the server, and agrees as a person does."""
    client_id, secret = Mastodon.create_app(
        "Fanfare",
        api_base_url=f"https://{SERVER}",
        redirect_uris=REDIRECT,
        scopes=SCOPES,
        website="https://fanfare.example",
    )
    api = client(client_id=client_id, client_secret=secret)
    url = api.auth_request_url(redirect_uris=REDIRECT, scopes=SCOPES, state="s1", allow_http=True)
    denied = query_of(consent(url, sandbox_deny="1"))
    expect("saying no", (denied["error"], denied["state"]), ("access_denied", "s1"))
    back = query_of(consent(url, sandbox_user=handle))
    expect("the state", back["state"], "s1")
    # The sandbox has no certificates.
    given = {"code": back["code"], "redirect_uri": REDIRECT, "scopes": SCOPES, "allow_http": True}
    token = api.log_in(**given)
    expect("the app", api.app_verify_credentials().name, "Fanfare")
    refused("a code twice", MastodonIllegalArgumentError, lambda: api.log_in(**given))
    return client(access_token=token, client_id=client_id, client_secret=secret)


def publish(api, handle):
    me = api.account_verify_credentials()
    expect("the account", (me.username, me.acct), (handle, handle))
    text = "Rye & <spelt> at 7, see https://example.org/menu?a=1&b=2 #bread"
    first = api.status_post(text, visibility="unlisted", spoiler_text="bread", language="de", idempotency_key="k1")
    expect("the same key", api.status_post(text, idempotency_key="k1").id, first.id)
    expect("the visibility", first.visibility, "unlisted")
    expect("the content", "Rye &amp; &lt;spelt&gt;" in first.content, True)
    reply = api.status_post("and at 8", in_reply_to_id=first.id)
    expect("the reply's parent", str(reply.in_reply_to_id), str(first.id))

    picture = api.media_post(png(), "image/png", description="A loaf", focus=(0.5, -0.5), file_name="loaf.png")
    expect("the picture's kind", (picture.type, picture.description), ("image", "A loaf"))
    picture = api.media_update(picture.id, description="Two loaves")
    movie = api.media_post(film(5_000), "video/mp4", file_name="film.mp4")
    expect("the film waits", movie.url, None)
    advance(3)
    expect("the film is ready", api.media(movie.id).url is not None, True)
    album = api.status_post("Look", media_ids=[picture])
    moving = api.status_post("It moves", media_ids=[movie])
    poll = api.make_poll(["Rye", "Spelt"], expires_in=3600, multiple=True)
    asked = api.status_post("Which?", poll=poll)
    expect("the poll", ([option.title for option in asked.poll.options], asked.poll.multiple), (["Rye", "Spelt"], True))

    live = published("mastodon", f"{handle}@{SERVER}")
    expect("what is live", [post["text"] for post in live], [text, "and at 8", "Look", "It moves", "Which?"])
    expect("the ids", [post["id"] for post in live], [str(post.id) for post in (first, reply, album, moving, asked)])
    expect("the warning", live[0]["extra"]["spoiler_text"], "bread")
    expect("the description", live[2]["media"][0]["alt"], "Two loaves")
    expect("the film's bytes", live[3]["media"][0]["bytes"], 5_000)
    expect("the address", first.url, live[0]["url"])
    return me, first, reply, asked


def read_back(api, me, first, reply, asked):
    instance = api.instance()
    expect("the limit", instance.configuration.statuses.max_characters, 500)
    page = api.account_statuses(me.id, limit=2)
    expect("the newest", page[0].id, asked.id)
    older = api.fetch_remaining(page)
    expect("all pages", [status.id for status in older][-2:], [reply.id, first.id])
    expect("the source", api.status_source(first.id).text.startswith("Rye & <spelt>"), True)
    expect("the thread", [status.id for status in api.status_context(first.id).descendants], [reply.id])
    expect("the replies", api.status(first.id).replies_count, 1)
    expect("the poll by itself", api.poll(asked.poll.id).expired, False)
    api.status_delete(reply.id)
    refused("a deleted status", MastodonNotFoundError, lambda: api.status(reply.id))


def refusals(api, handle):
    long = refused("a long text", MastodonAPIError, lambda: api.status_post("x" * 501))
    expect("why", "character limit of 500" in str(long), True)
    refused("an empty status", MastodonAPIError, lambda: api.status_post(""))
    refused("no parent", MastodonNotFoundError, lambda: api.status_post("x", in_reply_to_id=1))
    elsewhere = client(OTHER, access_token=api.access_token)
    refused("another server's token", MastodonUnauthorizedError, elsewhere.me)
    fault("mastodon", "error", operation="create_post", status=503)
    refused("a fault", MastodonServiceUnavailableError, lambda: api.status_post("once"))
    reader = account("mastodon", username=f"{handle}_r", token=True, scopes="profile read:statuses")
    weak = client(access_token=reader["credentials"]["access_token"])
    refused("a token that may only read", MastodonAPIError, lambda: weak.status_post("x"))
    before = len(published("mastodon", f"{handle}@{SERVER}"))
    fault("mastodon", "drop_after_accept")
    refused("a lost answer", MastodonNetworkError, lambda: api.status_post("twice asked", idempotency_key="k2"))
    again = api.status_post("twice asked", idempotency_key="k2")
    live = published("mastodon", f"{handle}@{SERVER}")
    expect("posts after a lost answer", (len(live) - before, live[-1]["id"]), (1, str(again.id)))
    api.revoke_access_token(allow_http=True)


def main():
    lead_to_sandbox()
    handle = f"mpy_{os.getpid()}"
    account("mastodon", username=handle)
    api = sign_in(handle)
    me, first, reply, asked = publish(api, handle)
    read_back(api, me, first, reply, asked)
    refusals(api, handle)
    print("mastodon_mastodonpy: the client registered an app, signed in, published, read back and was refused as it should be")


if __name__ == "__main__":
    main()
