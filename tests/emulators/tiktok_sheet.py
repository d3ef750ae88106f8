"""Walks TikTok's documented requests and answers against the emulated TikTok.

There is no client by TikTok for servers, and the unofficial ones speak a private API. So this is the
documentation itself: each request as its pages show it, and the fields of each answer compared with
the ones that they list. The addresses are the platform's own; they are led to the sandbox.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import hashlib
import os
import sys
from urllib.parse import urlencode

sys.dont_write_bytecode = True

from support import account, advance, consent, expect, fail, fault, film, jpeg, lead_to_sandbox, published  # noqa: E402
from support import query_of, serve_files  # noqa: E402

lead_to_sandbox()

import requests  # noqa: E402

API = "https://open.tiktokapis.com"
AUTHORIZE = "https://www.tiktok.com/v2/auth/authorize/"
REDIRECT = "https://fanfare.example/connect/callback/tiktok"
JSON = "application/json; charset=UTF-8"
TEXT, WHOLE, LIST, YES = str, int, list, bool

TOKEN = {
    "access_token": TEXT, "expires_in": WHOLE, "open_id": TEXT, "refresh_expires_in": WHOLE,
    "refresh_token": TEXT, "scope": TEXT, "token_type": TEXT,
}
ERROR = {"code": TEXT, "message": TEXT, "log_id": TEXT}
CREATOR = {
    "creator_avatar_url": TEXT, "creator_username": TEXT, "creator_nickname": TEXT, "privacy_level_options": LIST,
    "comment_disabled": YES, "duet_disabled": YES, "stitch_disabled": YES, "max_video_post_duration_sec": WHOLE,
}


def shape(what, got, wanted):
    """Every field is there with its type, and no other."""
    expect(f"the fields of {what}", sorted(got), sorted(wanted))
    for name, kind in wanted.items():
        if type(got[name]) is not kind:
            fail(f"{name} of {what} is {got[name]!r}, no {kind.__name__}")


def oauth(form, path="/v2/oauth/token/"):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-cache"}
    return requests.post(API + path, data=urlencode(form), headers=headers, timeout=30)


class Account:
    """Somebody who has signed in."""

    def __init__(self, token):
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, path, body=None):
        headers = {**self.headers, "Content-Type": JSON}
        return requests.post(API + path, json=body, headers=headers, timeout=30)

    def post(self, path, body=None):
        """The data of an answer that says that it worked."""
        answer = self.ask(path, body)
        told = answer.json()
        shape(f"the error of {path}", told["error"], ERROR)
        expect(f"{path}: {told}", told["error"]["code"], "ok")
        return told["data"]

    def refused(self, path, body, status, code):
        answer = self.ask(path, body)
        expect(f"the refusal of {path}", (answer.status_code, answer.json()["error"]["code"]), (status, code))

    def get(self, path, **query):
        answer = requests.get(API + path, params=query, headers=self.headers, timeout=30).json()
        expect(f"{path}: {answer}", answer["error"]["code"], "ok")
        return answer["data"]

    def status(self, publish_id):
        return self.post("/v2/post/publish/status/fetch/", {"publish_id": publish_id})

    def finished(self, publish_id):
        for _ in range(60):
            told = self.status(publish_id)
            if not told["status"].startswith("PROCESSING_"):
                return told
            advance(1)
        fail("a publish was never finished")


def sign_in(made, handle):
    """Login Kit for web, then Manage user access tokens."""
    app = {"client_key": made["client_id"], "client_secret": made["client_secret"]}
    scopes = "user.info.basic,user.info.profile,user.info.stats,video.publish,video.upload,video.list"
    page = AUTHORIZE + "?" + urlencode({
        "client_key": app["client_key"], "scope": scopes, "response_type": "code", "redirect_uri": REDIRECT,
        "state": "s1", "disable_auto_auth": 1,
    })
    denied = query_of(consent(page, sandbox_deny="1"))
    expect("what a refusal brings", sorted(denied), ["error", "error_description", "error_type", "state"])
    back = query_of(consent(page, sandbox_user=handle, sandbox_decline="user.info.stats"))
    expect("what a consent brings", sorted(back), ["code", "scopes", "state"])
    if "user.info.stats" in back["scopes"] or "video.publish" not in back["scopes"]:
        fail(f"the callback names the scopes {back['scopes']}")

    code = {**app, "code": back["code"], "grant_type": "authorization_code", "redirect_uri": REDIRECT}
    first = oauth(code).json()
    shape("the token", first, TOKEN)
    expect("the lives of the tokens", (first["expires_in"], first["refresh_expires_in"]), (86400, 31536000))
    shape("an error of the token endpoint", oauth(code).json(), {"error": TEXT, "error_description": TEXT, "log_id": TEXT})
    renewal = {**app, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = oauth(renewal).json()
    shape("the renewed token", second, TOKEN)
    expect("the refresh token is another", second["refresh_token"] != first["refresh_token"], True)
    expect("the used one", oauth(renewal).json()["error"], "invalid_grant")
    return Account(second["access_token"]), app, second


def identity(ana, handle):
    """Get user info."""
    user = ana.get("/v2/user/info/", fields="open_id,union_id,avatar_url,display_name,username,is_verified")["user"]
    shape("the user", user, {
        "open_id": TEXT, "union_id": TEXT, "avatar_url": TEXT, "display_name": TEXT, "username": TEXT, "is_verified": YES,
    })
    expect("the handle", user["username"], handle)
    for fields, code in (("follower_count", "scope_not_authorized"), ("shoe_size", "invalid_params"), (None, "invalid_params")):
        answer = requests.get(API + "/v2/user/info/", params={"fields": fields}, headers=ana.headers, timeout=30)
        expect(f"asking for {fields}", answer.json()["error"]["code"], code)


def video(ana, handle):
    """Query creator info, Direct post, Media transfer guide, Get post status."""
    creator = ana.post("/v2/post/publish/creator_info/query/")
    shape("the creator", creator, CREATOR)
    expect("who may see posts", creator["privacy_level_options"], ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"])

    bytes_ = film(15_000_123)
    size, chunk = len(bytes_), 5_000_000
    count = size // chunk
    begun = ana.post("/v2/post/publish/video/init/", {
        "post_info": {
            "title": "Pruning in March #garden @orchard.films", "privacy_level": "PUBLIC_TO_EVERYONE", "disable_duet": True,
            "disable_comment": False, "disable_stitch": True, "video_cover_timestamp_ms": 1000,
            "brand_content_toggle": False, "brand_organic_toggle": False, "is_aigc": False,
        },
        "source_info": {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count},
    })
    shape("the begun upload", begun, {"publish_id": TEXT, "upload_url": TEXT})
    if len(begun["publish_id"]) > 64 or not begun["publish_id"].startswith("v_pub_file~") or len(begun["upload_url"]) > 256:
        fail(f"the upload has another form: {begun}")
    for number in range(count):
        start = number * chunk
        end = size if number == count - 1 else start + chunk
        headers = {"Content-Type": "video/mp4", "Content-Range": f"bytes {start}-{end - 1}/{size}"}
        answer = requests.put(begun["upload_url"], data=bytes_[start:end], headers=headers, timeout=60)
        expect(f"chunk {number}", answer.status_code, 201 if end == size else 206)
        expect(f"what is stored after chunk {number}", answer.headers["Content-Range"], f"bytes 0-{end - 1}/{size}")
        if number == 0:
            again = requests.put(begun["upload_url"], data=bytes_[start:end], headers=headers, timeout=60)
            expect("the first chunk once more", again.status_code, 416)
            waiting = ana.status(begun["publish_id"])
            expect("the state", waiting, {"status": "PROCESSING_UPLOAD", "uploaded_bytes": chunk})
    done = ana.finished(begun["publish_id"])
    expect("the end", (done["status"], done["uploaded_bytes"]), ("PUBLISH_COMPLETE", size))
    advance(60)
    told = ana.status(begun["publish_id"])["publicaly_available_post_id"]
    live = published("tiktok", handle)
    expect("the post", [str(post) for post in told], [live[0]["id"]])
    expect("the bytes", live[0]["media"][0]["sha256"], hashlib.sha256(bytes_).hexdigest())
    if told[0] <= 2**53:
        fail(f"{told[0]} would fit a float")
    return live[0]


def photos(ana, handle, site):
    """Photo post."""
    begun = ana.post("/v2/post/publish/content/init/", {
        "media_type": "PHOTO", "post_mode": "DIRECT_POST",
        "post_info": {
            "title": "Spring", "description": "Ten apple trees #garden", "privacy_level": "SELF_ONLY",
            "disable_comment": False, "auto_add_music": True, "brand_content_toggle": False, "brand_organic_toggle": False,
        },
        "source_info": {"source": "PULL_FROM_URL", "photo_images": [f"{site}/1.jpg", f"{site}/2.jpg"], "photo_cover_index": 0},
    })
    shape("the begun photos", begun, {"publish_id": TEXT})
    done = ana.finished(begun["publish_id"])
    expect("the end", done["status"], "PUBLISH_COMPLETE")
    expect("what was fetched", done["downloaded_bytes"], 2 * len(jpeg(1080, 1350)))
    advance(3600)
    if "publicaly_available_post_id" in ana.status(begun["publish_id"]):
        fail("the id of a post for the owner alone was told")
    live = published("tiktok", handle)[-1]
    expect("the words", (live["text"], live["extra"]["title"]), ("Ten apple trees #garden", "Spring"))
    expect("the photos", [file["type"] for file in live["media"]], ["image/jpeg"] * 2)


def inbox(ana):
    """Upload video: a draft for the app."""
    bytes_ = film(3_000)
    source = {"source": "FILE_UPLOAD", "video_size": 3_000, "chunk_size": 3_000, "total_chunk_count": 1}
    begun = ana.post("/v2/post/publish/inbox/video/init/", {"source_info": source})
    headers = {"Content-Type": "video/mp4", "Content-Range": "bytes 0-2999/3000"}
    expect("the whole", requests.put(begun["upload_url"], data=bytes_, headers=headers, timeout=30).status_code, 201)
    expect("the end", ana.finished(begun["publish_id"])["status"], "SEND_TO_USER_INBOX")


def read_back(ana, post):
    """List videos, Query videos."""
    fields = "id,create_time,cover_image_url,share_url,video_description,duration,title,view_count,like_count,comment_count,share_count"
    listed = ana.post(f"/v2/video/list/?fields={fields}", {"max_count": 20})
    shape("the list", listed, {"videos": LIST, "cursor": WHOLE, "has_more": YES})
    expect("what everybody sees", [video["id"] for video in listed["videos"]], [post["id"]])
    expect("the caption", listed["videos"][0]["video_description"], post["text"])
    expect("the fields", sorted(listed["videos"][0]), sorted(fields.split(",")))
    found = ana.post("/v2/video/query/?fields=id,view_count", {"filters": {"video_ids": [post["id"]]}})
    expect("the post by its id", found["videos"][0]["id"], post["id"])


def refusals(ana, site):
    """Error handling."""
    path = "/v2/post/publish/video/init/"
    source = {"source": "FILE_UPLOAD", "video_size": 3_000, "chunk_size": 3_000, "total_chunk_count": 1}
    info = {"title": "x", "privacy_level": "SELF_ONLY"}
    for changed, status, code in (
        ({"post_info": {"title": "x"}}, 400, "invalid_param"),
        ({"post_info": {**info, "privacy_level": "FOLLOWER_OF_CREATOR"}}, 403, "privacy_level_option_mismatch"),
        ({"post_info": {**info, "title": "x" * 2201}}, 400, "invalid_param"),
        ({"source_info": {**source, "total_chunk_count": 2}}, 400, "invalid_param"),
        ({"source_info": {"source": "PULL_FROM_URL", "video_url": "https://elsewhere.example/v.mp4"}}, 403, "url_ownership_unverified"),
    ):
        ana.refused(path, {"post_info": info, "source_info": source, **changed}, status, code)
    Account("act.none").refused("/v2/post/publish/creator_info/query/", {}, 401, "access_token_invalid")
    ana.refused("/v2/post/publish/status/fetch/", {"publish_id": "v_pub_file~none"}, 400, "invalid_publish_id")
    fault("tiktok", "rate_limit", operation="creator_info")
    ana.refused("/v2/post/publish/creator_info/query/", {}, 429, "rate_limit_exceeded")
    gone = ana.post(path, {"post_info": info, "source_info": {"source": "PULL_FROM_URL", "video_url": f"{site}/photo.mp4"}})
    ended = ana.finished(gone["publish_id"])
    expect("a film that is none", (ended["status"], ended["fail_reason"]), ("FAILED", "file_format_check_failed"))


def main():
    handle = f"sheet.{os.getpid()}"
    made = account("tiktok", username=handle)
    site = serve_files(lambda _path: jpeg(1080, 1350))
    ana, app, tokens = sign_in(made, handle)
    identity(ana, handle)
    post = video(ana, handle)
    photos(ana, handle, site)
    inbox(ana)
    read_back(ana, post)
    refusals(ana, site)
    revoked = oauth({**app, "token": tokens["access_token"]}, "/v2/oauth/revoke/")
    expect("giving access back", (revoked.status_code, revoked.text), (200, ""))
    ana.refused("/v2/post/publish/creator_info/query/", {}, 401, "access_token_invalid")
    print("tiktok_sheet: signed in, renewed, published video and photos, read back and was refused, as the documentation says")


if __name__ == "__main__":
    main()
