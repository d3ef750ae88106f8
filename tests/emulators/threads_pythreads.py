"""Runs pythreads, a public client of the Threads API, against the emulated Threads.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import asyncio
import os
import sys
from datetime import datetime, timedelta, timezone
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener, urlopen

sys.dont_write_bytecode = True

from support import SANDBOX, account, advance, expect, fail, png, published, serve_files  # noqa: E402

GRAPH = f"{SANDBOX}/graph.threads.net/v1.0/"
REDIRECT = "https://fanfare.example/connect/callback/threads"

# Without the first, the client wants TLS certificates of its own; without the second, its OAuth
# library refuses plain HTTP.
os.environ["CI"] = "1"
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import pythreads.threads  # noqa: E402
from pythreads.api import API, Media, MediaType, PublishingStatus, ReplyControl, ThreadsResponseError  # noqa: E402
from pythreads.configuration import Configuration  # noqa: E402
from pythreads.credentials import Credentials  # noqa: E402
from pythreads.threads import Threads, ThreadsAuthenticationError  # noqa: E402

pythreads.threads.GRAPH_API_BASE_URL = GRAPH


class Stay(HTTPRedirectHandler):
    """Leaves redirects to whoever asked."""

    def redirect_request(self, *_):
        return None


def consent(url, **choice):
    """Opens the consent page as a browser does and answers where it leads."""
    page = url.replace("https://threads.net", f"{SANDBOX}/threads.net") + "&" + urlencode(choice)
    try:
        build_opener(Stay).open(page)
    except HTTPError as redirect:
        expect("the consent page's status", redirect.code, 303)
        return redirect.headers["Location"]
    fail("the consent page did not lead back")


def sign_in(handle, made):
    app = Configuration(
        scopes=Threads.ALL_SCOPES,
        app_id=made["client_id"],
        api_secret=made["client_secret"],
        redirect_uri=REDIRECT,
    )
    url, state = Threads.authorization_url(app)
    back = consent(url, sandbox_user=handle)
    if not back.endswith("#_"):
        fail(f"the sign-in ends with {back[-10:]!r} in place of '#_'")
    credentials = Threads.complete_authorization(back, state, config=app)
    expect("the id in the token's answer", str(credentials.user_id), made["platform_user_id"])
    expect("the kind of token", credentials.short_lived, False)
    days = credentials.expires_in() / 86400
    if not 59.9 < days <= 60:
        fail(f"the token lives for {days} days in place of 60")

    denied = consent(url, sandbox_deny="1")
    if "error=access_denied" not in denied:
        fail(f"saying no led to {denied}")
    return credentials


def renew(credentials):
    try:
        Threads.refresh_long_lived_token(credentials)
        fail("a token that is not a day old was renewed")
    except ThreadsAuthenticationError:
        pass
    advance(25 * 60 * 60)
    token, ends = Threads.refresh_long_lived_token(credentials)
    expect("the renewed token is another", token != credentials.access_token, True)
    if ends - datetime.now(timezone.utc) < timedelta(days=59):
        fail(f"the renewed token ends {ends}")
    credentials.access_token = token


async def finished(api, container):
    for _ in range(60):
        status = await api.container_status(container)
        if status.status != PublishingStatus.IN_PROGRESS:
            expect("the container's state", status.status, PublishingStatus.FINISHED)
            return status
        advance(1)
    fail("a container was never finished")


async def publish(api, handle, files):
    profile = await api.account()
    expect("the profile's handle", profile["username"], handle)

    text = await api.create_container(text="Rye & spelt — at 7", reply_control=ReplyControl.MENTIONED_ONLY)
    await finished(api, text)
    root = await api.publish_container(text)
    state = await api.container_status(text)
    expect("the published container's state", state.status, PublishingStatus.PUBLISHED)

    reply = await api.create_container(text="and at 8", reply_to_id=root)
    answer = await api.publish_container(reply)

    single = await api.create_container(text="A loaf", media=Media(MediaType.IMAGE, f"{files}/loaf.png"))
    await finished(api, single)
    picture = await api.publish_container(single)

    items = []
    for number in range(3):
        media = Media(MediaType.IMAGE, f"{files}/{number}.png")
        items.append(await api.create_container(media=media, is_carousel_item=True))
    carousel = await api.create_carousel_container([await finished(api, item) for item in items], text="Three")
    await finished(api, carousel)
    album = await api.publish_container(carousel)

    live = published("threads", handle)
    expect("what is live", [post["text"] for post in live], ["Rye & spelt — at 7", "and at 8", "A loaf", "Three"])
    expect("the ids", [post["id"] for post in live], [root, answer, picture, album])
    expect("the reply's parent", live[1]["reply_to"], root)
    expect("who may reply", live[0]["extra"]["reply_control"], "mentioned_only")
    expect("the picture's bytes", live[2]["media"][0]["bytes"], len(png()))
    expect("the album's pictures", len(live[3]["media"]), 3)
    return root, answer, album


async def read_back(api, root, answer, album):
    listed = await api.threads(limit=2)
    expect("the newest two", [post["media_type"] for post in listed["data"]], ["CAROUSEL_ALBUM", "IMAGE"])
    rest = await api.threads(limit=2, after=listed["paging"]["cursors"]["after"])
    expect("the page behind them", [post["id"] for post in rest["data"]], [root])
    post = await api.thread(root)
    expect("the text", post["text"], "Rye & spelt — at 7")
    with urlopen(post["permalink"]) as page:
        expect("the post's page", "Rye &amp; spelt" in page.read().decode(), True)
    expect("the album's children", len((await api.thread(album))["children"]["data"]), 3)
    for answers in (await api.replies(root), await api.conversation(root)):
        expect("the replies", [reply["id"] for reply in answers["data"]], [answer])
    expect("hiding a reply", await api.manage_reply(answer, True), {"success": True})

    limit = (await api.publishing_limit())["data"][0]
    expect("the posts that count", limit["quota_usage"], 3)
    expect("the replies that count", limit["reply_quota_usage"], 1)
    expect("the allowance", limit["config"], {"quota_total": 250, "quota_duration": 86400})

    figures = await api.insights(root)
    names = sorted(figure["name"] for figure in figures["data"])
    expect("the figures", names, ["likes", "quotes", "replies", "reposts", "views"])
    of_profile = await api.user_insights(["views", "likes", "followers_count"])
    expect("the profile's figures", [figure["name"] for figure in of_profile["data"]], ["views", "likes", "followers_count"])


async def refused(api):
    try:
        await api.create_container(text="x" * 501)
        fail("a text of 501 characters was taken")
    except ThreadsResponseError as error:
        expect("the code for a long text", error.response["error"]["code"], 100)
    stranger = Credentials(
        api.credentials.user_id, [], False, "THAAnonsense", datetime.now(timezone.utc) + timedelta(days=1)
    )
    async with API(stranger) as nobody:
        answer = await nobody.account()
        expect("the code for a token that is none", answer["error"]["code"], 190)


async def main():
    handle = f"pythreads.{os.getpid()}"
    made = account("threads", username=handle)
    credentials = sign_in(handle, made)
    renew(credentials)
    files = serve_files(lambda _path: png())
    async with API(credentials) as api:
        root, answer, album = await publish(api, handle, files)
        await read_back(api, root, answer, album)
        await refused(api)
    print("threads_pythreads: the client signed in, renewed its token, published, read back and was refused as it should be")


if __name__ == "__main__":
    asyncio.run(main())
