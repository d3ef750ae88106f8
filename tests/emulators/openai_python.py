"""Runs OpenAI's own client for Python against the emulated API.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import base64
import struct
import sys

sys.dont_write_bytecode = True

import openai  # noqa: E402

from support import SANDBOX, account, expect, fail, fault, refused  # noqa: E402

SAID = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "our autumn menu"}]


def client(key):
    return openai.OpenAI(api_key=key, base_url=f"{SANDBOX}/api.openai.com/v1", max_retries=0)


def captions(api):
    answer = api.chat.completions.create(model="gpt-4.1-mini", messages=SAID, n=3)
    expect("the kind", answer.object, "chat.completion")
    expect("the choices", [choice.index for choice in answer.choices], [0, 1, 2])
    written = {choice.message.content for choice in answer.choices}
    expect("different captions", len(written), 3)
    expect("about the topic", all("our autumn menu" in text for text in written), True)
    expect("the end", {choice.finish_reason for choice in answer.choices}, {"stop"})
    again = api.chat.completions.create(model="gpt-4.1-mini", messages=SAID, n=3)
    expect("the same again", again.choices, answer.choices)
    expect("the sum", answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)

    create = api.chat.completions.create
    unknown = refused("no such model", openai.NotFoundError, lambda: create(model="gpt-0", messages=SAID))
    expect("its code", unknown.code, "model_not_found")
    empty = refused("no messages", openai.BadRequestError, lambda: create(model="gpt-4.1", messages=[]))
    expect("its parameter", empty.param, "messages")
    refused("too many", openai.BadRequestError, lambda: create(model="gpt-4.1", messages=SAID, n=129))


def pictures(api):
    for size, wanted in (("1536x1024", (1536, 1024)), ("1024x1536", (1024, 1536)), ("auto", (1024, 1024))):
        answer = api.images.generate(model="gpt-image-1", prompt="a lighthouse", size=size, n=2)
        expect("the pictures", len(answer.data), 2)
        png = base64.b64decode(answer.data[0].b64_json)
        expect("a PNG", png[:8], b"\x89PNG\r\n\x1a\n")
        expect("its size", struct.unpack(">II", png[16:24]), wanted)

    def make(**more):
        return api.images.generate(**{"model": "gpt-image-1", "prompt": "a lighthouse", **more})

    wrong = refused("another size", openai.BadRequestError, lambda: make(size="512x512"))
    expect("its parameter", wrong.param, "size")
    refused("a form that this model does not know", openai.BadRequestError, lambda: make(response_format="url"))
    blocked = refused("what is unsafe", openai.BadRequestError, lambda: make(prompt="[unsafe] lighthouse"))
    expect("its code", blocked.code, "moderation_blocked")


def keys(api, key):
    names = {model.id for model in api.models.list()}
    expect("the models", {"gpt-4.1-mini", "gpt-image-1"} <= names, True)
    refused("another key", openai.AuthenticationError, lambda: client("sk-other").models.list())
    fault("openai", "rate_limit", retry_after=3)
    limited = refused(
        "too many", openai.RateLimitError, lambda: api.images.generate(model="gpt-image-1", prompt="x")
    )
    expect("when to come back", limited.response.headers["retry-after"], "3")
    fault("openai", "error", status=500)
    refused(
        "a fault", openai.InternalServerError, lambda: api.images.generate(model="gpt-image-1", prompt="x")
    )
    fault("openai", "token_revoked")
    refused(
        "a key that was revoked",
        openai.AuthenticationError,
        lambda: api.images.generate(model="gpt-image-1", prompt="x"),
    )
    again = account("openai", username="evidence", token=True)
    expect("the same key", again["credentials"]["access_token"], key)
    if not api.models.list().data:
        fail("a key that was made again is not good")


def main():
    key = account("openai", username="evidence", token=True)["credentials"]["access_token"]
    api = client(key)
    captions(api)
    pictures(api)
    keys(api, key)


main()
