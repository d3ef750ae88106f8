"""Checks the emulated Pinterest's answers against Pinterest's OpenAPI document.

The document's schemas are in the models that Pinterest generates from it (package
Pinterest_Generated_Client). Every answer must fit its model, and have no field that the model lacks.
The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import base64
import copy
import os
import sys

sys.dont_write_bytecode = True

import requests  # noqa: E402
from openapi_generated.pinterest_client.configuration import Configuration  # noqa: E402
from openapi_generated.pinterest_client.exceptions import ApiValueError  # noqa: E402
from openapi_generated.pinterest_client.model.account import Account  # noqa: E402
from openapi_generated.pinterest_client.model.board import Board  # noqa: E402
from openapi_generated.pinterest_client.model.board_section import BoardSection  # noqa: E402
from openapi_generated.pinterest_client.model.error import Error  # noqa: E402
from openapi_generated.pinterest_client.model.image_metadata import ImageMetadata  # noqa: E402
from openapi_generated.pinterest_client.model.media_upload import MediaUpload  # noqa: E402
from openapi_generated.pinterest_client.model.media_upload_details import MediaUploadDetails  # noqa: E402
from openapi_generated.pinterest_client.model.oauth_access_token_response_code import (  # noqa: E402
    OauthAccessTokenResponseCode,
)
from openapi_generated.pinterest_client.model.pin import Pin  # noqa: E402
from openapi_generated.pinterest_client.model.pin_create import PinCreate  # noqa: E402
from openapi_generated.pinterest_client.model.pin_media_with_image import PinMediaWithImage  # noqa: E402
from openapi_generated.pinterest_client.model.pin_media_with_images import PinMediaWithImages  # noqa: E402
from openapi_generated.pinterest_client.model.pin_media_with_video import PinMediaWithVideo  # noqa: E402
from openapi_generated.pinterest_client.model_utils import ModelComposed, ModelNormal, validate_and_convert_types  # noqa: E402

from support import SANDBOX, account, advance, consent, expect, fail, film, png, published, query_of  # noqa: E402

API = f"{SANDBOX}/api.pinterest.com/v5"
REDIRECT = "https://fanfare.example/connect/callback/pinterest"
SCOPES = "boards:read,boards:write,pins:read,pins:write,user_accounts:read"
MEDIA = {"image": PinMediaWithImage, "multiple_images": PinMediaWithImages, "video": PinMediaWithVideo}
# Fields of newer versions of the document than the models are from.
NEWER = {"is_ads_only", "refresh_token_expires_at"}
SETTINGS = Configuration(discard_unknown_keys=False)
checked = 0


def fits(what, answer, model):
    """The answer fits the schema, with every field of it."""
    global checked
    try:
        # The models change what they are given.
        given = copy.deepcopy(answer)
        validate_and_convert_types(given, (model,), ["answer"], True, True, configuration=SETTINGS)
    except (ApiValueError, TypeError, AttributeError) as error:
        fail(f"{what}: {error}\n{answer}")
    only_known(what, answer, model)
    checked += 1
    return answer


def only_known(what, answer, model):
    types = model.openapi_types() if callable(model.openapi_types) else model.openapi_types
    # Python has no names such as 150x150.
    known = {json_name: types[name] for name, json_name in model.attribute_map.items()}
    for name, value in answer.items():
        if name in NEWER:
            continue
        if name not in known:
            fail(f"{what}: the schema has no field {name!r}")
        for kind in known[name]:
            inner = kind[0] if isinstance(kind, list) else kind
            if isinstance(inner, type) and issubclass(inner, (ModelNormal, ModelComposed)):
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, dict):
                        only_known(f"{what}.{name}", one, inner)


def call(method, path, token, status, **more):
    answer = requests.request(method, f"{API}/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30, **more)
    expect(f"the status of {method} {path} ({answer.text[:200]})", answer.status_code, status)
    return answer.json() if answer.content else None


def pin_of(what, answer):
    fits(what, answer, Pin)
    fits(f"{what}'s media", answer["media"], MEDIA[answer["media"]["media_type"]])
    return answer


def sign_in(handle, made):
    page = f"{SANDBOX}/www.pinterest.com/oauth/"
    asked = {
        "client_id": made["client_id"], "redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPES, "state": "s1",
    }
    back = query_of(consent(page, sandbox_user=handle, **asked))
    expect("the state", back["state"], "s1")
    app = (made["client_id"], made["client_secret"])

    def tokens(**form):
        return requests.post(f"{API}/oauth/token", data=form, auth=app, timeout=30).json()

    first = tokens(grant_type="authorization_code", code=back["code"], redirect_uri=REDIRECT, continuous_refresh="true")
    second = tokens(grant_type="refresh_token", refresh_token=first["refresh_token"])
    for what, answer in (("a code's tokens", first), ("renewed tokens", second)):
        fits(what, answer, OauthAccessTokenResponseCode)
    return second["access_token"]


def new_pin(token, what, body):
    """The request fits the schema as well: else this test would ask for what nobody may."""
    fits(f"the request for {what}", body, PinCreate)
    return pin_of(what, call("POST", "pins", token, 201, json=body))


def publish(token, handle):
    fits("the account", call("GET", "user_account", token, 200), Account)
    board = fits("a new board", call("POST", "boards", token, 201, json={"name": "Bread", "privacy": "PUBLIC"}), Board)
    section = call("POST", f"boards/{board['id']}/sections", token, 201, json={"name": "Rye"})
    fits("a new section", section, BoardSection)
    for one in call("GET", "boards", token, 200)["items"]:
        fits("a listed board", one, Board)

    data = base64.b64encode(png()).decode()
    given = {"content_type": "image/png", "data": data}
    picture = new_pin(token, "a picture", {
        "board_id": board["id"], "board_section_id": section["id"], "title": "Pruning", "description": "When to prune",
        "link": "https://example.org/prune", "alt_text": "A tree", "dominant_color": "#6E7874",
        "media_source": {"source_type": "image_base64", **given},
    })
    new_pin(token, "a carousel", {
        "board_id": board["id"],
        "media_source": {"source_type": "multiple_image_base64", "index": 0, "items": [given, given]},
    })
    registered = fits("a registered film", call("POST", "media", token, 201, json={"media_type": "video"}), MediaUpload)
    form = [(name, (None, value)) for name, value in registered["upload_parameters"].items()]
    sent = requests.post(registered["upload_url"], files=[*form, ("file", ("film.mp4", film(5_000)))], timeout=30)
    expect("the storage's answer", (sent.status_code, sent.content), (204, b""))
    path = f"media/{registered['media_id']}"
    states = []
    while not states or states[-1] != "succeeded":
        states.append(fits("a film's state", call("GET", path, token, 200), MediaUploadDetails)["status"])
        advance(2)
    expect("the states", (states[0], len(states) < 10), ("processing", True))
    source = {"source_type": "video_id", "media_id": registered["media_id"], "cover_image_key_frame_time": 1}
    new_pin(token, "a film", {"board_id": board["id"], "title": "It moves", "media_source": source})
    expect("what is live", len(published("pinterest", handle)), 3)

    for where in ("pins", f"boards/{board['id']}/pins"):
        listed = call("GET", where, token, 200)
        expect("the bookmark at the end", listed["bookmark"], None)
        for one in listed["items"]:
            pin_of(f"a pin of {where}", one)
    for status, path in ((404, "pins/1"), (404, "boards/1"), (400, "pins?page_size=0")):
        fits(f"the error of {path}", call("GET", path, token, status), Error)
    expect("the answer of a deletion", call("DELETE", f"pins/{picture['id']}", token, 204), None)


def main():
    handle = f"openapi_{os.getpid()}"
    made = account("pinterest", username=handle)
    publish(sign_in(handle, made), handle)
    print(f"pinterest_openapi: {checked} requests and answers fit Pinterest's OpenAPI document")


if __name__ == "__main__":
    main()
