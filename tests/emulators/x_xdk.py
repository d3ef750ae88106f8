"""Runs X's own client, and holds every answer of the emulated X against X's OpenAPI document.

The client's models are generated from that document; they take what it does not name, so each
answer is searched for what they did not expect. The sandbox is the one at FANFARE_SANDBOX_URL.
Ends with a non-zero status on a wrong answer.
"""

import base64
import sys

sys.dont_write_bytecode = True

import requests  # noqa: E402
from pydantic import BaseModel  # noqa: E402
from support import account, advance, consent, expect, fail, fault, film, lead_to_sandbox, png, published, refused  # noqa: E402
from xdk import Client, schemas  # noqa: E402
from xdk.media import models as media  # noqa: E402
from xdk.oauth2_auth import OAuth2PKCEAuth  # noqa: E402
from xdk.posts import models as posts  # noqa: E402
from xdk.users import models as users  # noqa: E402

# Older clients read the count of posts under this name.
OLDER_NAMES = ["data.public_metrics.tweet_count"]
REDIRECT = "https://fanfare.example/connect/callback/x"
SCOPES = "tweet.read tweet.write users.read media.write offline.access"


def unknown_fields(value, path=""):
    """The places in a parsed answer that the OpenAPI document does not know."""
    if isinstance(value, BaseModel):
        found = [f"{path}.{name}" for name in value.model_extra or {}]
        for name in type(value).model_fields:
            found += unknown_fields(getattr(value, name), f"{path}.{name}")
        return found
    if isinstance(value, list):
        return [field for entry in value for field in unknown_fields(entry, f"{path}[]")]
    return []


def conforms(what, answer):
    """The answer, if it has nothing that the OpenAPI document does not name, and no problems."""
    unknown = [field for field in unknown_fields(answer) if field.lstrip(".") not in OLDER_NAMES]
    expect(f"what X's document does not know in {what}", unknown, [])
    expect(f"the problems of {what}", answer.errors, None)
    return answer.data


def sign_in(made):
    app = OAuth2PKCEAuth(
        client_id=made["client_id"], client_secret=made["client_secret"], redirect_uri=REDIRECT, scope=SCOPES
    )
    url = app.get_authorization_url(state="seven")
    app.fetch_token(consent(url, sandbox_user=made["username"]))
    before = app.token["access_token"]
    renewed = app.refresh_token()
    expect("another access token", renewed["access_token"] != before, True)
    return Client(access_token=renewed["access_token"])


def identify(client, made):
    wanted = ["profile_image_url", "verified", "verified_type", "subscription_type", "protected", "public_metrics"]
    me = conforms("the user", client.users.get_me(user_fields=wanted))
    expect("the id", me.id, made["platform_user_id"])
    expect("the handle", me.username, made["username"])
    missing = [field for field in wanted if getattr(me, field) is None]
    expect("the fields that were asked for and did not come", missing, [])


def upload(client, body, media_type, category):
    """In two segments, as large files go."""
    wanted = media.InitializeUploadRequest(media_type=media_type, media_category=category, total_bytes=len(body))
    begun = conforms("the begun upload", client.media.initialize_upload(body=wanted))
    half = len(body) // 2
    for index, part in enumerate((body[:half], body[half:])):
        segment = media.AppendUploadRequest(media=base64.b64encode(part).decode(), segment_index=index)
        conforms("the segment", client.media.append_upload(begun.id, body=segment))
    ended = conforms("the finished upload", client.media.finalize_upload(begun.id))
    expect("the upload's size", ended.size, len(body))
    return ended


def upload_picture(client):
    ended = upload(client, png(), "image/png", "tweet_image")
    expect("what is still to be processed", ended.processing_info, None)
    wanted = schemas.CreateMediaMetadataRequest.model_validate(
        {"id": ended.id, "metadata": {"alt_text": {"text": "Loaves on a shelf"}}}
    )
    conforms("the metadata", client.media.create_metadata(body=wanted))
    return ended.id


def upload_film(client):
    ended = upload(client, film(200_000), "video/mp4", "tweet_video")
    expect("the state of a new film", ended.processing_info.state, "pending")
    advance(ended.processing_info.check_after_secs)
    status = conforms("the upload's state", client.media.get_upload_status(ended.id, command="STATUS"))
    expect("the state of the film", status.processing_info.state, "succeeded")
    return ended.id


def create(client, **body):
    made = client.posts.create(body=posts.CreateRequest.model_validate(body))
    return conforms("the new post", made).id


def publish(client, made):
    root = create(client, text="Rye at 7 https://example.com/rye")
    reply = create(client, text="and at 8", reply={"in_reply_to_tweet_id": root})
    picture = create(client, text="A loaf", media={"media_ids": [upload_picture(client)]})
    moving = create(client, text="Kneading", media={"media_ids": [upload_film(client)]})
    live = published("x", made["username"])
    expect("what is live", [post["id"] for post in live], [root, reply, picture, moving])
    expect("what the second answers", live[1]["reply_to"], root)
    expect("the alternative text", live[2]["media"][0]["alt"], "Loaves on a shelf")
    expect("the kind of the film", live[3]["media"][0]["type"], "video/mp4")
    return root, reply, picture


def read_back(client, me, root, reply, picture):
    fields = [
        "created_at", "author_id", "conversation_id", "in_reply_to_user_id", "referenced_posts", "entities",
        "attachments", "public_metrics", "non_public_metrics", "organic_metrics", "reply_settings",
    ]  # fmt: skip
    asked = {"post_fields": fields, "expansions": ["attachments.media_keys"], "media_fields": ["type", "alt_text"]}
    answer = conforms("the post", client.posts.get_by_id(reply, **asked))
    missing = [field for field in fields if getattr(answer, field) is None]
    expect("the fields that were asked for and did not come", missing, ["entities", "attachments"])
    many = client.posts.get_by_ids([root, picture], **asked)
    expect("posts by id", [post.id for post in conforms("the posts", many)], [root, picture])
    expect("the media that come along", [entry.type for entry in many.includes.media], ["photo"])
    for page in client.users.get_posts(me, max_results=5, **asked):
        expect("the posts of the user", len(conforms("the list", page)), 4)
        break
    missing = client.posts.get_by_ids([root, "1"])
    expect("what X's document does not know in a problem", unknown_fields(missing), [])
    expect("the kind of problem", missing.errors[0].type.rsplit("/", 1)[-1], "resource-not-found")


def is_refused(client, root):
    def status(what, call):
        return refused(what, requests.HTTPError, call).response

    answer = status("a field that X does not know", lambda: client.posts.create(body={"text": "a", "colour": "b"}))
    expect("its status", answer.status_code, 400)
    schemas.InvalidRequestProblem.model_validate(answer.json())
    fault("x", "rate_limit", retry_after=5, operation="create_post")
    answer = status("too many calls", lambda: create(client, text="later"))
    expect("its status", answer.status_code, 429)
    expect("what is left", answer.headers["x-rate-limit-remaining"], "0")
    stranger = Client(access_token="nonsense")
    expect("a token that is none", status("a token that is none", stranger.users.get_me).status_code, 401)


def main():
    lead_to_sandbox()
    made = account("x", username="xdk_client", display_name="Harbour Bakery")
    client = sign_in(made)
    identify(client, made)
    root, reply, picture = publish(client, made)
    read_back(client, made["platform_user_id"], root, reply, picture)
    is_refused(client, root)
    deleted = conforms("the deletion", client.posts.delete(root))
    expect("the deletion", deleted.deleted, True)
    if root in [post["id"] for post in published("x", made["username"])]:
        fail("the deleted post is still public")
    print("x_xdk: every answer to X's own client is as X's OpenAPI document describes it")


main()
