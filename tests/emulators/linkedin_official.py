"""Runs linkedin-api-client, LinkedIn's own client, against the emulated LinkedIn.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import linkedin_api.common.constants as constants

SANDBOX = os.environ["FANFARE_SANDBOX_URL"].rstrip("/")
# The client reads these when its modules are loaded.
constants.OAUTH_BASE_URL = f"{SANDBOX}/www.linkedin.com/oauth/v2"
constants.NON_VERSIONED_BASE_URL = f"{SANDBOX}/api.linkedin.com/v2"
constants.VERSIONED_BASE_URL = f"{SANDBOX}/api.linkedin.com/rest"

from linkedin_api.clients.auth.client import AuthClient  # noqa: E402
from linkedin_api.clients.restli.client import RestliClient  # noqa: E402

VERSION = "202609"
REDIRECT = "https://fanfare.example/connect/callback/linkedin"
SCOPES = ["openid", "profile", "email", "w_member_social"]


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"linkedin: {what}: {got!r} in place of {wanted!r}")


def sandbox(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(SANDBOX + path, data, {"content-type": "application/json"}, method=method)
    with urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Stay(HTTPRedirectHandler):
    """Tells where the owner would be sent, and does not go there."""

    def redirect_request(self, *_):
        return None


def agree(address):
    """What comes back when the owner of the account agrees on the page at this address."""
    address += "&" + urlencode({"sandbox_user": "official"})
    try:
        build_opener(Stay).open(address)
    except HTTPError as answer:
        return parse_qs(urlsplit(answer.headers["location"]).query)
    sys.exit("linkedin: the page did not send the owner back")


account = sandbox("POST", "/_sandbox/accounts", {"platform": "linkedin", "username": "official"})
auth = AuthClient(account["client_id"], account["client_secret"], REDIRECT)
back = agree(auth.generate_member_auth_url(SCOPES, state="here-and-back"))
expect("the state", back["state"], ["here-and-back"])
tokens = auth.exchange_auth_code_for_access_token(back["code"][0])
expect("the exchange", tokens.status_code, 200)
token = tokens.access_token
expect("the same code again", auth.exchange_auth_code_for_access_token(back["code"][0]).status_code, 400)
expect("the token", auth.introspect_access_token(token).active, True)

client = RestliClient()
who = client.get(resource_path="/userinfo", access_token=token)
expect("identity", who.entity["sub"], account["platform_user_id"])


def post(text, token=token, version=VERSION):
    entity = {
        "author": account["urn"],
        "commentary": text,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    return client.create(resource_path="/posts", entity=entity, access_token=token, version_string=version)


made = post("Fresh rye at seven")
expect("a post", made.status_code, 201)
expect("a post's id", made.entity_id.startswith(("urn:li:share:", "urn:li:ugcPost:")), True)
expect("the same post again", post("Fresh rye at seven").status_code, 422)
expect("a made-up token", post("Nobody's", token="nobody").status_code, 401)
expect("a version that has ended", post("Too old", version="202301").status_code, 426)
sandbox("POST", "/_sandbox/faults", {"platform": "linkedin", "kind": "rate_limit", "times": 1})
expect("a post beyond the limit", post("Too fast").status_code, 429)

live = sandbox("GET", "/_sandbox/posts?platform=linkedin&account=" + account["platform_user_id"])["posts"]
expect("what is live", [entry["text"] for entry in live], ["Fresh rye at seven"])
gone = client.delete(resource_path="/posts/{id}", path_keys={"id": made.entity_id}, access_token=token, version_string=VERSION)
expect("a deletion", gone.status_code, 204)
print("linkedin: its own client signed in, published, deleted and was refused as it should be")
