"""Runs tweepy, a public client of the X API, against the emulated X.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import sys
import time

sys.dont_write_bytecode = True

import requests  # noqa: E402
import tweepy  # noqa: E402
from oauthlib.oauth2 import OAuth2Error  # noqa: E402
from support import account, consent, expect, fail, fault, lead_to_sandbox, png, published, query_of, refused  # noqa: E402

REDIRECT = "https://fanfare.example/connect/callback/x"
SCOPES = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"]
TOKEN = "https://api.twitter.com/2/oauth2/token"


def sign_in(made):
    app = tweepy.OAuth2UserHandler(
        client_id=made["client_id"], client_secret=made["client_secret"], redirect_uri=REDIRECT, scope=SCOPES
    )
    denied = consent(app.get_authorization_url(), sandbox_deny="1")
    expect("saying no", query_of(denied)["error"], "access_denied")

    back = consent(app.get_authorization_url(), sandbox_user=made["username"])
    expect("the state that comes back", query_of(back)["state"], app._state)
    token = app.fetch_token(back)
    expect("the kind of token", token["token_type"], "bearer")
    expect("its life", token["expires_in"], 7200)
    expect("the granted scopes", sorted(token["scope"]), sorted(SCOPES))
    refused("a code that is used again", OAuth2Error, lambda: app.fetch_token(back))
    return app, token


def renew(app, token):
    """Each refresh token works once; one that comes back ends the whole sign-in."""
    first = token["refresh_token"]
    second = app.refresh_token(TOKEN, refresh_token=first, auth=app.auth)
    expect("another access token", second["access_token"] != token["access_token"], True)
    expect("another refresh token", second["refresh_token"] != first, True)
    client = tweepy.Client(second["access_token"])
    client.get_me(user_auth=False)
    error = refused(
        "a refresh token that comes back",
        OAuth2Error,
        lambda: app.refresh_token(TOKEN, refresh_token=first, auth=app.auth),
    )
    expect("its error", error.error, "invalid_request")
    refused("the family of that token", tweepy.Unauthorized, lambda: client.get_me(user_auth=False))
    refused(
        "the newest refresh token of that family",
        OAuth2Error,
        lambda: app.refresh_token(TOKEN, refresh_token=second["refresh_token"], auth=app.auth),
    )


def identify(client, made):
    fields = ["profile_image_url", "verified", "protected", "public_metrics"]
    me = client.get_me(user_auth=False, user_fields=fields).data
    expect("the id", str(me.id), made["platform_user_id"])
    expect("the handle", me.username, made["username"])
    expect("the name", me.name, "Harbour Bakery")
    expect("whether it is protected", me.protected, False)
    expect("the picture", requests.get(me.profile_image_url, timeout=30).headers["Content-Type"], "image/png")


def upload(token, body):
    """tweepy knows no upload of version 2: plain HTTP with its token."""
    answer = requests.post(
        "https://api.x.com/2/media/upload",
        headers={"Authorization": f"Bearer {token}"},
        files={"media": body},
        data={"media_category": "tweet_image"},
        timeout=30,
    )
    expect("the upload's status", answer.status_code, 200)
    return answer.json()["data"]["id"]


def publish(client, token, handle):
    text = "Rye & spelt at 7 https://example.com/rye"
    root = client.create_tweet(text=text, user_auth=False).data
    expect("the short link in the answer", "https://t.co/" in root["text"], True)
    reply = client.create_tweet(
        text="and at 8", in_reply_to_tweet_id=root["id"], reply_settings="mentionedUsers", user_auth=False
    ).data
    picture = png()
    media = upload(token, picture)
    shown = client.create_tweet(text="A loaf", media_ids=[media], user_auth=False).data
    poll = client.create_tweet(
        text="Which?", poll_options=["Rye", "Spelt"], poll_duration_minutes=60, user_auth=False
    ).data

    live = published("x", handle)
    expect("what is live", [post["text"] for post in live], [text, "and at 8", "A loaf", "Which?"])
    expect("the ids", [post["id"] for post in live], [post["id"] for post in (root, reply, shown, poll)])
    expect("what the second answers", live[1]["reply_to"], root["id"])
    expect("who may reply", live[1]["extra"]["reply_settings"], "mentionedUsers")
    expect("the picture's bytes", [entry["bytes"] for entry in live[2]["media"]], [len(picture)])
    expect("the poll", live[3]["extra"]["poll"]["options"], ["Rye", "Spelt"])
    page = requests.get(live[0]["url"], timeout=30)
    expect("the post's page", (page.status_code, "Rye &amp; spelt" in page.text), (200, True))
    return root["id"], reply["id"], media


def read_back(client, me, root, reply, media):
    found = client.get_tweet(
        reply,
        user_auth=False,
        tweet_fields=["author_id", "conversation_id", "created_at", "referenced_tweets", "public_metrics"],
    ).data
    expect("the author", str(found.author_id), me)
    expect("the conversation", str(found.conversation_id), root)
    expect("what it answers", [(ref.type, str(ref.id)) for ref in found.referenced_tweets], [("replied_to", root)])
    age = time.time() - found.created_at.timestamp()
    if not -5 < age < 120:
        fail(f"the post is {age} seconds old")
    linked = client.get_tweet(root, user_auth=False, tweet_fields=["entities"]).data
    expect("where its link leads", linked.entities["urls"][0]["expanded_url"], "https://example.com/rye")

    first = client.get_users_tweets(
        me,
        user_auth=False,
        max_results=5,
        tweet_fields=["attachments", "public_metrics"],
        expansions=["attachments.media_keys"],
        media_fields=["type", "alt_text"],
    )
    expect("how many there are", first.meta["result_count"], 4)
    expect("the newest", first.meta["newest_id"], str(first.data[0].id))
    expect("newest first", [post.id for post in first.data], sorted((post.id for post in first.data), reverse=True))
    expect("the attached media", [(entry.type, entry.media_key) for entry in first.includes["media"]], [("photo", f"3_{media}")])
    many = client.get_tweets([root, reply, "1"], user_auth=False, tweet_fields=["created_at"])
    expect("posts by id", [str(post.id) for post in many.data], [root, reply])
    expect("the one that is not there", [error["resource_id"] for error in many.errors], ["1"])


def page_through(client, me):
    for number in range(7):
        client.create_tweet(text=f"Batch {number}", user_auth=False)
    pages = tweepy.Paginator(
        client.get_users_tweets, me, user_auth=False, max_results=5, tweet_fields=["created_at"]
    )
    sizes = [len(page.data) for page in pages]
    expect("the pages", sizes, [5, 5, 1])


def is_refused(client, stranger, root):
    duplicate = refused("the same text again", tweepy.Forbidden, lambda: client.create_tweet(text="and at 8", user_auth=False))
    expect("its words", "duplicate content" in str(duplicate), True)
    refused("a text that is too long", tweepy.Forbidden, lambda: client.create_tweet(text="x" * 281, user_auth=False))
    refused("no text", tweepy.BadRequest, lambda: client.create_tweet(text="", user_auth=False))
    wrong = refused(
        "media that are not there", tweepy.BadRequest, lambda: client.create_tweet(text="no", media_ids=["1"], user_auth=False)
    )
    expect("its words", "Your media IDs are invalid" in str(wrong), True)
    refused("a token that is none", tweepy.Unauthorized, lambda: tweepy.Client("nonsense").get_me(user_auth=False))
    refused("deleting another's post", tweepy.Forbidden, lambda: stranger.delete_tweet(root, user_auth=False))
    refused(
        "an uncalled reply to another",
        tweepy.Forbidden,
        lambda: stranger.create_tweet(text="hi", in_reply_to_tweet_id=root, user_auth=False),
    )
    before = int(time.time())
    fault("x", "rate_limit", retry_after=30, operation="create_post")
    late = refused("too many calls", tweepy.TooManyRequests, lambda: client.create_tweet(text="later", user_auth=False))
    if not before + 29 <= late.reset_time <= before + 60:
        fail(f"the limit ends {late.reset_time - before} seconds later, in place of 30")
    fault("x", "error", operation="create_post")
    refused("a platform that is down", tweepy.TwitterServerError, lambda: client.create_tweet(text="down", user_auth=False))


def delete(client, handle, root):
    expect("the deletion", client.delete_tweet(root, user_auth=False).data, {"deleted": True})
    gone = client.get_tweet(root, user_auth=False)
    expect("the deleted post", (gone.data, gone.errors[0]["title"]), (None, "Not Found Error"))
    expect("what is still public", root in [post["id"] for post in published("x", handle)], False)


def revoke(app, token, client):
    answer = requests.post(
        "https://api.twitter.com/2/oauth2/revoke", auth=app.auth, data={"token": token["access_token"]}, timeout=30
    )
    expect("the revocation", (answer.status_code, answer.json()), (200, {"revoked": True}))
    refused("the token that was given back", tweepy.Unauthorized, lambda: client.get_me(user_auth=False))


def main():
    lead_to_sandbox()
    made = account("x", username="tweepy_client", display_name="Harbour Bakery")
    renew(*sign_in(made))
    app, token = sign_in(made)
    client = tweepy.Client(token["access_token"])
    stranger = tweepy.Client(account("x", username="stranger", token=True)["credentials"]["access_token"])
    identify(client, made)
    root, reply, media = publish(client, token["access_token"], made["username"])
    read_back(client, made["platform_user_id"], root, reply, media)
    is_refused(client, stranger, root)
    page_through(client, made["platform_user_id"])
    delete(client, made["username"], root)
    revoke(app, token, client)
    print("x_tweepy: signed in, renewed, published, read back, was refused as it should be, deleted, revoked")


main()
