"""Runs facebook-business, Meta's own client, against the emulated Instagram, on both of its hosts.

The sandbox is the one at FANFARE_SANDBOX_URL. Needs facebook-business==26.0.3. Ends with a non-zero
status on a wrong answer.
"""

import json
import os
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

from facebook_business import FacebookAdsApi, FacebookSession
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError

SANDBOX = os.environ["FANFARE_SANDBOX_URL"].rstrip("/")
HOSTS = {"facebook": "graph.facebook.com", "instagram": "graph.instagram.com"}


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"instagram: {what}: {got!r} in place of {wanted!r}")


def control(method, path, body=None):
    """Calls the sandbox's control API."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{SANDBOX}/_sandbox/{path}", data=data, method=method)) as answer:
        return json.loads(answer.read() or b"null")


def jpeg(width, height):
    """The head of a JPEG, which says how large it is."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xd9"


class Files(BaseHTTPRequestHandler):
    """What the emulated platform fetches: /{width}x{height}.jpg, or a film."""

    def do_GET(self):
        if self.path.endswith(".mp4"):
            body = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 64
        else:
            body = jpeg(*map(int, self.path.strip("/").removesuffix(".jpg").split("x")))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_files():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def refusal(call):
    """Code and subcode of what the platform refuses."""
    try:
        call()
    except FacebookRequestError as error:
        return error.api_error_code(), error.api_error_subcode()
    sys.exit("instagram: nothing was refused")


def container(user, **params):
    return user.create_media(params=params)["id"]


def wait(container_id, seconds):
    control("POST", "clock", {"advance_ms": seconds * 1000})
    asked = FacebookAdsApi.get_default_api().call("GET", [container_id], {"fields": "status_code"})
    expect("the container's state", asked.json()["status_code"], "FINISHED")


def publish(user, container_id):
    return user.create_media_publish(params={"creation_id": container_id})["id"]


def run(login, files):
    handle = f"client.{login}"
    made = control(
        "POST", "accounts", {"platform": "instagram", "login": login, "username": handle, "token": True}
    )
    FacebookSession.GRAPH = f"{SANDBOX}/{HOSTS[login]}"
    # The client signs each call with the app's secret, as Facebook Login asks for.
    secret = made["client_secret"] if login == "facebook" else None
    token = made["credentials"]["access_token"]
    FacebookAdsApi.init(made["client_id"], secret, token, api_version="v26.0")
    user = IGUser(made["platform_user_id"])

    if login == "facebook":
        page = Page("me").api_get(fields=["instagram_business_account"])
        expect("the linked account", page["instagram_business_account"]["id"], made["platform_user_id"])
    else:
        me = User("me").api_get(fields=["id"])
        expect("the app's own id", me["id"], made["app_scoped_id"])
    expect("the handle", user.api_get(fields=["username"])["username"], handle)

    image = container(user, image_url=f"{files}/1080x1350.jpg", caption="Rye at seven", alt_text="a loaf")
    expect("a publish too early", refusal(lambda: publish(user, image)), (9007, 2207027))
    wait(image, 1)
    first = publish(user, image)

    children = [container(user, image_url=f"{files}/1080x1080.jpg", is_carousel_item=True) for _ in range(2)]
    wait(children[1], 1)
    carousel = container(user, media_type="CAROUSEL", children=children, caption="Both")
    wait(carousel, 1)
    publish(user, carousel)

    reel = container(user, media_type="REELS", video_url=f"{files}/film.mp4", caption="Kneading")
    wait(reel, 15)
    publish(user, reel)
    story = container(user, media_type="STORIES", image_url=f"{files}/1080x1920.jpg")
    wait(story, 1)
    publish(user, story)

    limit = user.get_content_publishing_limit(fields=["quota_usage", "config"])[0]
    expect("the quota", (limit["quota_usage"], limit["config"]["quota_total"]), (4, 100))
    listed = list(user.get_media(fields=["caption", "media_type", "permalink"]))
    expect("the posts", [media["caption"] for media in listed], ["Kneading", "Both", "Rye at seven"])
    expect("the kinds", [media["media_type"] for media in listed], ["VIDEO", "CAROUSEL_ALBUM", "IMAGE"])
    expect("the stories", len(user.get_stories(fields=["id"])), 1)

    media = IGMedia(first)
    comment = media.create_comment(params={"message": "order here"})
    expect("the comments", [entry["id"] for entry in media.get_comments()], [comment["id"]])
    figures = media.get_insights(params={"metric": ["views", "reach"]})
    expect("the figures", [figure["name"] for figure in figures], ["views", "reach"])
    expect("a figure of stories", refusal(lambda: media.get_insights(params={"metric": ["replies"]}))[0], 100)
    expect(
        "an image that is too wide",
        refusal(lambda: container(user, image_url=f"{files}/1920x1000.jpg")),
        (36003, 2207009),
    )
    live = control("GET", f"posts?platform=instagram&account={handle}")["posts"]
    expect(
        "what is public",
        [post["text"] for post in live],
        ["Rye at seven", "Both", "Kneading", "", "order here"],
    )
    expect("its address", live[0]["url"], listed[2]["permalink"])


def main():
    files = serve_files()
    for login in HOSTS:
        run(login, files)
    print("instagram: facebook-business publishes images, a carousel, a reel and a story with both logins")


main()
