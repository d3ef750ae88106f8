"""Runs facebook-business, Meta's own client, against the emulated Instagram, on both of its hosts.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import sys

sys.dont_write_bytecode = True

from facebook_business import FacebookAdsApi, FacebookSession  # noqa: E402
from facebook_business.adobjects.igmedia import IGMedia  # noqa: E402
from facebook_business.adobjects.iguser import IGUser  # noqa: E402
from facebook_business.adobjects.page import Page  # noqa: E402
from facebook_business.adobjects.user import User  # noqa: E402
from facebook_business.exceptions import FacebookRequestError  # noqa: E402
from support import SANDBOX, account, advance, expect, film, jpeg, published, refused, serve_files  # noqa: E402

HOSTS = {"facebook": "graph.facebook.com", "instagram": "graph.instagram.com"}


def body_of(path):
    """What the emulated platform fetches: /{width}x{height}.jpg, or a film."""
    if path.endswith(".mp4"):
        return film(16_384)
    return jpeg(*map(int, path.strip("/").removesuffix(".jpg").split("x")))


def refusal(call):
    """Code and subcode of what the platform refuses."""
    error = refused("the call", FacebookRequestError, call)
    return error.api_error_code(), error.api_error_subcode()


def container(user, **params):
    return user.create_media(params=params)["id"]


def wait(container_id, seconds):
    advance(seconds)
    asked = FacebookAdsApi.get_default_api().call("GET", [container_id], {"fields": "status_code"})
    expect("the container's state", asked.json()["status_code"], "FINISHED")


def publish(user, container_id):
    return user.create_media_publish(params={"creation_id": container_id})["id"]


def run(login, files):
    handle = f"client.{login}"
    made = account("instagram", login=login, username=handle, token=True)
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
    live = published("instagram", handle)
    expect(
        "what is public",
        [post["text"] for post in live],
        ["Rye at seven", "Both", "Kneading", "", "order here"],
    )
    expect("its address", live[0]["url"], listed[2]["permalink"])


def main():
    files = serve_files(body_of)
    for login in HOSTS:
        run(login, files)
    print("instagram_sdk: facebook-business publishes images, a carousel, a reel and a story with both logins")


main()
