"""Runs pyfacebook, a public client, against the emulated Instagram with Instagram Login.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import sys

sys.dont_write_bytecode = True

from oauthlib.oauth2 import MissingTokenError  # noqa: E402
from pyfacebook import BasicDisplayAPI, FacebookError  # noqa: E402
from support import account, advance, consent, expect, fault, jpeg, lead_to_sandbox, published, query_of, refused, serve_files  # noqa: E402

REDIRECT = "https://fanfare.example/connect/callback/instagram"
SCOPES = ["instagram_business_basic", "instagram_business_content_publish", "instagram_business_manage_comments"]
HOUR = 60 * 60


def client(made, token=None):
    return BasicDisplayAPI(
        app_id=made["client_id"],
        app_secret=made["client_secret"],
        access_token=token,
        oauth_flow=token is None,
        version="v26.0",
        ignore_version_check=True,
        sleep_on_rate_limit=False,
    )


def code_of(what, call):
    return refused(what, FacebookError, call).code


def sign_in(made):
    app = client(made)
    url, state = app.get_authorization_url(REDIRECT, SCOPES)
    expect("saying no", query_of(consent(url, sandbox_deny="1"))["error_reason"], "user_denied")
    back = consent(url, sandbox_user=made["username"])
    expect("the state that comes back", query_of(back)["state"], state)
    expect("how the address ends", back[-2:], "#_")
    short = app.exchange_user_access_token(back, REDIRECT, SCOPES)
    refused(
        "a code that is used again", MissingTokenError, lambda: app.exchange_user_access_token(back, REDIRECT, SCOPES)
    )

    long = app.exchange_long_lived_user_access_token(short["access_token"])
    expect("the life of the long token in days", round(long["expires_in"] / 86400), 60)
    owner = client(made, long["access_token"])
    code_of("a token that is not a day old", lambda: owner.refresh_access_token(long["access_token"]))
    advance(25 * HOUR)
    renewed = owner.refresh_access_token(long["access_token"])
    expect("the life of the renewed token in days", round(renewed["expires_in"] / 86400), 60)
    return client(made, renewed["access_token"])


def container(owner, **params):
    return owner.post_object("me", "media", data=params)["id"]


def publish(owner, made, files):
    me = owner.get_object("me", fields="id,user_id,username,account_type")
    expect("the account", (me["user_id"], me["username"]), (made["platform_user_id"], made["username"]))
    expect("the app's own id", me["id"], made["app_scoped_id"])
    image = container(owner, image_url=f"{files}/1080x1350.jpg", caption="Rye at seven", alt_text="a loaf")
    early = code_of("a publish too early", lambda: owner.post_object("me", "media_publish", data={"creation_id": image}))
    expect("its code", early, 9007)
    advance(5)
    expect("its state", owner.get_object(image, fields="status_code")["status_code"], "FINISHED")
    media = owner.post_object("me", "media_publish", data={"creation_id": image})["id"]
    expect("the published container", owner.get_object(image, fields="status_code")["status_code"], "PUBLISHED")
    code_of("publishing it again", lambda: owner.post_object("me", "media_publish", data={"creation_id": image}))
    listed = owner.get_full_connections("me", "media", fields="id,caption,permalink", limit=10)
    [live] = published("instagram", made["username"])
    expect("what is listed", [(post["id"], post["permalink"]) for post in listed["data"]], [(media, live["url"])])
    expect("what is public", (live["id"], live["text"], live["media"][0]["alt"]), (media, "Rye at seven", "a loaf"))
    return media


def is_refused(owner, made, media, files):
    expect("a text that is too long", code_of("a long text", lambda: container(owner, image_url=f"{files}/1080x1080.jpg", caption="x" * 2201)), 36004)
    expect("deleting with this login", code_of("deleting", lambda: owner.delete_object(media)) in (10, 100, 200), True)
    fault("instagram", "rate_limit", operation="create_post", retry_after=60)
    image = container(owner, image_url=f"{files}/1080x1080.jpg")
    advance(5)
    late = code_of("too many calls", lambda: owner.post_object("me", "media_publish", data={"creation_id": image}))
    expect("too many calls", late, 80002)
    expect("a token that is none", code_of("a token that is none", lambda: client(made, "IGAAnonsense").get_object("me")), 190)


def main():
    lead_to_sandbox()
    files = serve_files(lambda path: jpeg(*map(int, path.strip("/").removesuffix(".jpg").split("x"))))
    # The client reads the answer that is not wrapped.
    made = account("instagram", username="py.facebook", token_answer="flat")
    owner = sign_in(made)
    media = publish(owner, made, files)
    is_refused(owner, made, media, files)
    print("instagram_pyfacebook: signed in, renewed, published, read back, and was refused as it should be")


main()
