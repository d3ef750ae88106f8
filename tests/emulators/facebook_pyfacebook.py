"""Runs pyfacebook, a public client of the Graph API, against the emulated Facebook.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import json
import sys

sys.dont_write_bytecode = True

from pyfacebook import FacebookError, GraphAPI  # noqa: E402
from support import account, consent, expect, fail, fault, film, lead_to_sandbox, png, published, query_of, refused  # noqa: E402

REDIRECT = "https://fanfare.example/connect/callback/facebook"
SCOPES = [
    "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_manage_engagement", "read_insights",
]  # fmt: skip


def client(made, token=None):
    return GraphAPI(
        app_id=made["client_id"],
        app_secret=made["client_secret"],
        access_token=token,
        oauth_flow=token is None,
        version="v26.0",
        ignore_version_check=True,
        redirect_uri=REDIRECT,
        scope=SCOPES,
        sleep_on_rate_limit=False,
    )


def refusal(what, call):
    error = refused(what, FacebookError, call)
    return error.code, getattr(error, "error_subcode", None)


def sign_in(made):
    app = client(made)
    url, state = app.get_authorization_url()
    denied = query_of(consent(url, sandbox_deny="1"))
    expect("saying no", (denied["error"], denied["error_reason"]), ("access_denied", "user_denied"))

    back = consent(url, sandbox_user=made["user_id"], sandbox_decline="read_insights")
    expect("the state that comes back", query_of(back)["state"].split("#")[0], state)
    short = app.exchange_user_access_token(back)
    expect("the kind of token", short["token_type"].lower(), "bearer")
    again = refused("a code that is used again", Exception, lambda: app.exchange_user_access_token(back))
    expect("its words", "has been used" in str(again), True)
    long = app.exchange_long_lived_user_access_token(short["access_token"])
    if not 59 < long["expires_in"] / 86400 <= 60:
        fail(f"the long token lives {long['expires_in']} s")

    person = client(made, long["access_token"])
    granted = {entry["permission"]: entry["status"] for entry in person.get_connection("me", "permissions")["data"]}
    expect("what was granted", granted["pages_manage_posts"], "granted")
    expect("what was not", granted["read_insights"], "declined")
    pages = person.get_full_connections("me", "accounts", count=None, limit=25, fields="id,name,access_token")
    expect("the Pages", len(pages["data"]), 30)
    token = person.exchange_page_access_token(made["platform_user_id"])
    about = person.debug_token(token, access_token=f"{made['client_id']}|{made['client_secret']}")["data"]
    expect("the Page's token", (about["type"], about["profile_id"]), ("PAGE", made["platform_user_id"]))
    expect("when it ends", about["expires_at"], 0)
    return person, client(made, token)


def publish(page, made):
    me = page.get_object(made["platform_user_id"], fields="id,name,username,link,picture{url}")
    expect("the Page", (me["name"], me["username"]), ("Harbour Bakery", made["username"]))
    root = page.post_object("me", "feed", data={"message": "Rye & spelt at 7"})["id"]
    photos = [
        page.post_object(
            "me", "photos", data={"published": "false", "alt_text_custom": f"Loaf {number}"}, files={"source": png()}
        )["id"]
        for number in range(2)
    ]
    media = json.dumps([{"media_fbid": photo} for photo in photos])
    album = page.post_object("me", "feed", data={"message": "Two", "attached_media": media})["id"]
    video = transfer(page, film(1_500_000))
    live = published("facebook", made["username"])
    expect("what is public", [post["text"] for post in live], ["Rye & spelt at 7", "Two", "Kneading"])
    expect("the alternative texts", [entry["alt"] for entry in live[1]["media"]], ["Loaf 0", "Loaf 1"])
    expect("the film's bytes", live[2]["media"][0]["bytes"], 1_500_000)
    changed = page.post_object(root, data={"message": "Rye at 8"})
    expect("the change", (changed["success"], published("facebook", made["username"])[0]["text"]), (True, "Rye at 8"))
    return root, album, video


def transfer(page, body):
    """In the pieces that the platform asks for."""
    begun = page.post_object("me", "videos", data={"upload_phase": "start", "file_size": len(body)})
    session, start, end = begun["upload_session_id"], int(begun["start_offset"]), int(begun["end_offset"])
    pieces = 0
    while start < end:
        answer = page.post_object(
            "me",
            "videos",
            data={"upload_phase": "transfer", "upload_session_id": session, "start_offset": start},
            files={"video_file_chunk": body[start:end]},
        )
        start, end, pieces = int(answer["start_offset"]), int(answer["end_offset"]), pieces + 1
    expect("the pieces", pieces, 2)
    done = page.post_object(
        "me", "videos", data={"upload_phase": "finish", "upload_session_id": session, "description": "Kneading"}
    )
    expect("the finished film", done["success"], True)
    return begun["video_id"]


def read_back(page, made, root, album):
    listed = page.get_connection(made["platform_user_id"], "published_posts", fields="id,message,permalink_url")
    expect("newest first", [post["id"] for post in listed["data"]][-2:], [album, root])
    comment = page.post_object(root, "comments", data={"message": "order here"})["id"]
    expect("the comments", [entry["id"] for entry in page.get_connection(root, "comments")["data"]], [comment])
    shown = page.get_object(album, fields="attachments{media_type,subattachments}")
    expect("the album's photos", len(shown["attachments"]["data"][0]["subattachments"]["data"]), 2)
    counted = page.get_object(root, fields="comments.summary(true).limit(0)")
    expect("the count of comments", counted["comments"]["summary"]["total_count"], 1)


def is_refused(person, page, made):
    expect("a figure that was not granted", refusal("insights", lambda: page.get_connection("me", "insights", metric="page_follows"))[0] in (10, 200), True)
    expect("no such thing", refusal("no such thing", lambda: page.get_object("1"))[0], 100)
    fault("facebook", "rate_limit", operation="create_post", retry_after=60)
    expect("too many calls", refusal("too many calls", lambda: page.post_object("me", "feed", data={"message": "later"}))[0], 32)
    old = client(made, page.access_token)
    old.version = "v2.0"
    expect("a version that has ended", refusal("an old version", lambda: old.get_object("me"))[0], 2635)
    expect("a token that is none", refusal("a token that is none", lambda: client(made, "EAAnonsense").get_object("me"))[0], 190)


def main():
    lead_to_sandbox()
    made = account("facebook", username="py.page", display_name="Harbour Bakery", pages=30)
    person, page = sign_in(made)
    root, album, video = publish(page, made)
    read_back(page, made, root, album)
    is_refused(person, page, made)
    expect("the deletion", page.delete_object(root)["success"], True)
    if root in [post["id"] for post in published("facebook", made["username"])]:
        fail("the deleted post is still public")
    expect("taking the access back", person.delete_object("me", "permissions"), {"success": True})
    expect("the Page's token afterwards", refusal("the Page's token", lambda: page.get_object("me")), (190, 458))
    print("facebook_pyfacebook: signed in, published, transferred a film, read back, was refused as it should be, left")


main()
