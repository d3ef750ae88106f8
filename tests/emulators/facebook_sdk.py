"""Runs facebook-business, Meta's own client, against the emulated Facebook: a Page's posts.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import sys
import warnings

sys.dont_write_bytecode = True

import requests  # noqa: E402
from facebook_business import FacebookAdsApi  # noqa: E402
from facebook_business.adobjects.advideo import AdVideo  # noqa: E402
from facebook_business.adobjects.page import Page  # noqa: E402
from facebook_business.adobjects.pagepost import PagePost  # noqa: E402
from facebook_business.adobjects.user import User  # noqa: E402
from facebook_business.exceptions import FacebookRequestError  # noqa: E402
from support import (  # noqa: E402
    account, advance, expect, fail, fault, film, lead_to_sandbox, png, published, refused, serve_files,
)  # fmt: skip

VERSION = "v26.0"
# The client's own lists of fields lag behind the platform's.
warnings.simplefilter("ignore")


def log_in(made, token):
    """The client signs each call with the app's secret."""
    FacebookAdsApi.init(made["client_id"], made["client_secret"], token, api_version=VERSION)


def refusal(what, call):
    error = refused(what, FacebookRequestError, call)
    return error.api_error_code(), error.api_error_subcode()


def choose_page(made):
    log_in(made, made["user_access_token"])
    person = User("me").api_get(fields=["id", "name"])
    expect("the person", person["id"], made["user_id"])
    pages = list(User("me").get_accounts(params={"fields": "id,access_token,tasks"}))
    expect("the Pages, over several answers", len(pages), 30)
    [page] = [page for page in pages if page["id"] == made["platform_user_id"]]
    expect("what may be done there", "CREATE_CONTENT" in page["tasks"], True)
    user_token = refusal("posting with the person's token", lambda: Page(page["id"]).create_feed(params={"message": "no"}))
    expect("its code", user_token[0] in (200, 210), True)
    return page["access_token"]


def publish(page, token, files, handle):
    text = page.create_feed(params={"message": "Rye & spelt at 7"})["id"]
    link = page.create_feed(params={"message": "Our bread", "link": "https://example.com/rye"})["id"]
    photos = [page.create_photo(params={"url": f"{files}/{name}.png", "published": False})["id"] for name in "ab"]
    album = page.create_feed(
        params={"message": "Two", "attached_media": [{"media_fbid": photo} for photo in photos]}
    )["id"]
    single = page.create_photo(params={"url": f"{files}/c.png", "caption": "A loaf", "alt_text_custom": "Rye"})
    video = page.create_video(params={"file_url": f"{files}/film.mp4", "description": "Kneading"})["id"]
    reel = publish_reel(page, token, files)
    publish_story(page, token)
    advance(60)

    live = published("facebook", handle)
    expect(
        "what is public",
        [post["text"] for post in live],
        ["Rye & spelt at 7", "Our bread", "Two", "A loaf", "Kneading", "Shaping", ""],
    )
    expect("the first ids", [post["id"] for post in live[:3]], [text, link, album])
    expect("the link", live[1]["extra"]["link"], "https://example.com/rye")
    expect("the album's photos", len(live[2]["media"]), 2)
    expect("the photo's alternative text", live[3]["media"][0]["alt"], "Rye")
    expect("the photo's post", Page(single["id"]).api_get(fields=["id"])["id"], single["id"])
    expect("the kind of the film", live[4]["media"][0]["type"], "video/mp4")
    expect("reel and story", [post["extra"] for post in live[5:]], [{"reel": True}, {"story": True}])
    status = Page(video).api_get(fields=["status"])["status"]
    expect("the film's state", status["video_status"], "ready")
    expect("the reel's state", Page(reel).api_get(fields=["status"])["status"]["publishing_phase"]["status"], "complete")
    return text, album


def send_bytes(token, begun, **headers):
    """The client does not know the host that takes the bytes."""
    headers = {"Authorization": f"OAuth {token}", **headers}
    body = None if "file_url" in headers else film(300_000)
    sent = requests.post(begun["upload_url"], headers=headers, data=body, timeout=30)
    expect("the upload", (sent.status_code, sent.json()["success"]), (200, True))


def publish_reel(page, token, files):
    begun = page.create_video_reel(params={"upload_phase": AdVideo.UploadPhase.start})
    send_bytes(token, begun, file_url=f"{files}/reel.mp4")
    finish = {
        "upload_phase": AdVideo.UploadPhase.finish,
        "video_id": begun["video_id"],
        "video_state": AdVideo.VideoState.published,
        "description": "Shaping",
    }
    page.create_video_reel(params=finish)
    return begun["video_id"]


def publish_story(page, token):
    begun = page.create_video_story(params={"upload_phase": "START"})
    send_bytes(token, begun, offset="0", file_size="300000")
    finish = {"upload_phase": "FINISH", "video_id": begun["video_id"]}
    page.create_video_story(params=finish)


def read_back(page, text, album):
    fields = ["id", "message", "created_time", "permalink_url", "attachments"]
    listed = list(page.get_published_posts(fields=fields))
    expect("the newest is first", listed[-1]["id"], text)
    found = PagePost(album).api_get(fields=["message", "permalink_url", "attachments"])
    expect("the album's text", found["message"], "Two")
    expect("the post's page", requests.get(found["permalink_url"], timeout=30).status_code, 200)
    comment = PagePost(text).create_comment(params={"message": "order here"})
    expect("the comments", [entry["id"] for entry in PagePost(text).get_comments()], [comment["id"]])
    figures = PagePost(text).get_insights(params={"metric": ["post_media_view", "post_clicks"]})
    expect("the figures", [figure["name"] for figure in figures], ["post_media_view", "post_clicks"])
    gone = refusal("a figure that was removed", lambda: list(PagePost(text).get_insights(params={"metric": ["post_impressions"]})))
    expect("its code", gone[0], 100)


def is_refused(page, token, made):
    page.create_feed(params={"message": "Only once"})
    again = refusal("the same text again", lambda: page.create_feed(params={"message": "Only once"}))
    expect("the same text again", again[0], 506)
    expect("nothing to post", refusal("nothing", lambda: page.create_feed(params={}))[0], 100)
    long = refusal("a long text", lambda: page.create_feed(params={"message": "x" * 63_207}))
    expect("a long text", long[0], 100)
    nowhere = refusal("a photo that is not there", lambda: page.create_photo(params={"url": "http://127.0.0.1:1/a.png"}))
    expect("a photo that is not there", nowhere[0], 324)
    fault("facebook", "rate_limit", operation="create_post", retry_after=120)
    late = refused("too many calls", FacebookRequestError, lambda: page.create_feed(params={"message": "later"}))
    expect("too many calls", (late.api_error_code(), late.http_status()), (32, 400))
    usage = late.http_headers()["x-business-use-case-usage"]
    expect("the time until the next", '"estimated_time_to_regain_access":2' in usage.replace(" ", ""), True)
    for status, code, is_transient in [(500, 1, False), (502, 2, True), (503, None, False)]:
        fault("facebook", "error", operation="create_post", status=status)
        what = f"a platform that is down, with {status}"
        broken = refused(what, FacebookRequestError, lambda: page.create_feed(params={"message": "down"}))
        expect(what, (broken.api_error_code(), broken.api_transient_error()), (code, is_transient))

    FacebookAdsApi.init(made["client_id"], "0" * 32, token, api_version=VERSION)
    expect("a wrong signature", refusal("a wrong signature", lambda: Page("me").api_get(fields=["id"]))[0], 100)
    log_in(made, "EAAnonsense")
    expect("a token that is none", refusal("a token that is none", lambda: Page("me").api_get(fields=["id"]))[0], 190)


def main():
    lead_to_sandbox()
    files = serve_files(lambda path: png() if path.endswith(".png") else film(300_000))
    made = account("facebook", username="sdk.page", display_name="Harbour Bakery", token=True, pages=30)
    token = choose_page(made)
    log_in(made, token)
    page = Page(made["platform_user_id"])
    text, album = publish(page, token, files, "sdk.page")
    read_back(page, text, album)
    is_refused(page, token, made)

    log_in(made, made["credentials"]["access_token"])
    PagePost(text).api_delete()
    if text in [post["id"] for post in published("facebook", "sdk.page")]:
        fail("the deleted post is still public")
    expect("the deleted post", refusal("the deleted post", lambda: PagePost(text).api_get())[0], 100)
    print("facebook_sdk: published text, link, photos, film and reel, read back, was refused as it should be, deleted")


main()
