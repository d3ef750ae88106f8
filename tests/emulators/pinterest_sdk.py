"""Runs Pinterest's own SDK for Python against the emulated Pinterest.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import base64
import os
import sys

sys.dont_write_bytecode = True

from support import SANDBOX, account, advance, expect, fault, png, published, refused, serve_files  # noqa: E402

# Read when the SDK is imported.
os.environ["PINTEREST_API_URI"] = f"{SANDBOX}/api.pinterest.com/v5"

from openapi_generated.pinterest_client.exceptions import (  # noqa: E402
    ApiException,
    ForbiddenException,
    NotFoundException,
    UnauthorizedException,
)
from pinterest.client import PinterestSDKClient  # noqa: E402
from pinterest.organic.boards import Board, BoardSection  # noqa: E402
from pinterest.organic.pins import Pin  # noqa: E402


def picture():
    return {"source_type": "image_base64", "content_type": "image/png", "data": base64.b64encode(png()).decode()}


def publish(client, handle, files):
    boards, bookmark = Board.get_all(client=client)
    expect("the boards", ([board.name for board in boards], bookmark), (["Spring"], None))
    board = Board.create(name="Bread", description="Rye & spelt", privacy="PUBLIC", client=client)
    section = BoardSection.create(board_id=board.id, name="Rye", client=client)
    words = {
        "title": "Pruning",
        "description": "When to prune",
        "link": "https://example.org/prune?a=1&b=2",
        "alt_text": "A pruned apple tree",
    }
    first = Pin.create(board_id=board.id, board_section_id=section.id, media_source=picture(), client=client, **words)
    for name, value in words.items():
        expect(f"the pin's {name}", getattr(first, name), value)
    by_address = Pin.create(
        board_id=board.id, media_source={"source_type": "image_url", "url": f"{files}/loaf.png"}, client=client
    )
    items = [{key: value for key, value in picture().items() if key != "source_type"} for _ in range(3)]
    carousel = Pin.create(
        board_id=board.id,
        title="Three",
        media_source={"source_type": "multiple_image_base64", "items": items, "index": 0},
        client=client,
    )
    live = published("pinterest", handle)
    expect("the ids", [pin["id"] for pin in live], [first.id, by_address.id, carousel.id])
    expect("the words", (live[0]["text"], live[0]["extra"]["title"]), ("When to prune", "Pruning"))
    expect("the section", live[0]["extra"]["board_section_id"], section.id)
    expect("the description for those who do not see it", live[0]["media"][0]["alt"], "A pruned apple tree")
    expect("the fetched picture", live[1]["media"][0]["bytes"], len(png()))
    expect("the carousel's pictures", len(live[2]["media"]), 3)
    return board, first, carousel


def read_back(client, board, first, carousel):
    newest, bookmark = Pin.get_all(page_size=2, client=client)
    expect("the newest", newest[0].id, carousel.id)
    rest, bookmark = bookmark.get_next()
    expect("the page behind them", ([pin.id for pin in rest], bookmark), ([first.id], None))
    expect("the board by itself", Board(board_id=board.id, client=client).pin_count, 3)
    expect("the pin by itself", Pin(pin_id=first.id, client=client).link, "https://example.org/prune?a=1&b=2")
    Pin.delete(pin_id=carousel.id, client=client)
    refused("a deleted pin", NotFoundException, lambda: Pin(pin_id=carousel.id, client=client))


def refusals(client, handle, board):
    def create(**more):
        return Pin.create(**{"board_id": board.id, "media_source": picture(), "client": client, **more})

    odd = refused("a link that is none", ApiException, lambda: create(link="example"))
    expect("its status", odd.status, 400)
    refused("a board that is not there", NotFoundException, lambda: create(board_id="12"))
    trial = account("pinterest", username=f"{handle}_t", token=True, trial=True)
    weak = PinterestSDKClient.create_client_with_token(trial["credentials"]["access_token"])
    own = trial["boards"][0]["id"]
    why = refused("trial access", ForbiddenException, lambda: create(board_id=own, client=weak))
    expect("why", "Trial access" in str(why.body), True)
    nobody = PinterestSDKClient.create_client_with_token("pina_nonsense")
    refused("a token that is none", UnauthorizedException, lambda: Board.get_all(client=nobody))
    fault("pinterest", "rate_limit", operation="create_post", retry_after=30)
    limited = refused("too many", ApiException, lambda: create())
    expect("the limit", (limited.status, limited.headers["x-ratelimit-reset"]), (429, "30"))
    before = len(published("pinterest", handle))
    fault("pinterest", "refused_but_live", operation="create_post")
    refused("an error although it is live", ApiException, lambda: create(title="live"))
    create(title="live")
    expect("two equal requests are two pins", len(published("pinterest", handle)) - before, 2)


def renew(made):
    advance(31 * 24 * 60 * 60)
    held = made["credentials"]
    ended = PinterestSDKClient.create_client_with_token(held["access_token"])
    refused("a token after thirty days", UnauthorizedException, lambda: Board.get_all(client=ended))
    client = PinterestSDKClient.create_client_with_refresh_token(
        refresh_token=held["refresh_token"], app_id=made["client_id"], app_secret=made["client_secret"]
    )
    expect("the boards after the renewal", len(Board.get_all(client=client)[0]), 2)


def main():
    handle = f"sdk_{os.getpid()}"
    made = account("pinterest", username=handle, token=True)
    client = PinterestSDKClient.create_client_with_token(made["credentials"]["access_token"])
    files = serve_files(lambda _path: png())
    board, first, carousel = publish(client, handle, files)
    read_back(client, board, first, carousel)
    refusals(client, handle, board)
    renew(made)
    print("pinterest_sdk: the SDK published, read back, renewed its access and was refused as it should be")


if __name__ == "__main__":
    main()
