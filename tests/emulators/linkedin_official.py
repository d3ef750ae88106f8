"""Runs linkedin-api-client, LinkedIn's own client, against the emulated LinkedIn.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import sys

sys.dont_write_bytecode = True

from linkedin_api.clients.auth.client import AuthClient  # noqa: E402
from linkedin_api.clients.restli.client import RestliClient  # noqa: E402
from support import account as make_account, consent, expect, fault, lead_to_sandbox, published, query_of  # noqa: E402

VERSION = "202609"
REDIRECT = "https://fanfare.example/connect/callback/linkedin"
SCOPES = ["openid", "profile", "email", "w_member_social"]

lead_to_sandbox()
account = make_account("linkedin", username="official")
auth = AuthClient(account["client_id"], account["client_secret"], REDIRECT)
back = query_of(consent(auth.generate_member_auth_url(SCOPES, state="here-and-back"), sandbox_user="official"))
expect("the state", back["state"], "here-and-back")
tokens = auth.exchange_auth_code_for_access_token(back["code"])
expect("the exchange", tokens.status_code, 200)
token = tokens.access_token
expect("the same code again", auth.exchange_auth_code_for_access_token(back["code"]).status_code, 400)
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
fault("linkedin", "rate_limit")
expect("a post beyond the limit", post("Too fast").status_code, 429)

live = published("linkedin", account["platform_user_id"])
expect("what is live", [entry["text"] for entry in live], ["Fresh rye at seven"])
gone = client.delete(resource_path="/posts/{id}", path_keys={"id": made.entity_id}, access_token=token, version_string=VERSION)
expect("a deletion", gone.status_code, 204)
print("linkedin_official: LinkedIn's own client signed in, published, deleted and was refused as it should be")
