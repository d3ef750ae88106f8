"""Runs python-telegram-bot, a public client of the Bot API, against the emulated Telegram.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import asyncio
import logging
import os
import sys
from datetime import timedelta
from urllib.request import urlopen

sys.dont_write_bytecode = True

from support import SANDBOX, account, advance, expect, fail, fault, film, png, published, serve_files  # noqa: E402
from telegram import (  # noqa: E402
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter  # noqa: E402

# The client writes down every answer that is no JSON.
logging.getLogger("telegram").setLevel(logging.CRITICAL)

API = f"{SANDBOX}/api.telegram.org/bot"
FILES = f"{SANDBOX}/api.telegram.org/file/bot"


def client(made):
    return Bot(made["credentials"]["access_token"], base_url=API, base_file_url=FILES)


async def refused(what, kind, call):
    """The exception of this kind with which the client reports a refusal."""
    try:
        answer = await call
    except kind as error:
        return error
    fail(f"{what}: {answer!r} in place of a {kind.__name__}")


def seconds(span):
    """Versions of the client differ in how they tell a length of time."""
    return int(span.total_seconds()) if isinstance(span, timedelta) else span


async def look(bot, made, name):
    me = await bot.get_me()
    expect("the bot's name", me.username, made["bot_username"])
    chat = await bot.get_chat(f"@{name}")
    expect("the chat", (str(chat.id), chat.type, chat.title), (made["platform_user_id"], "channel", "Orchard"))
    member = await bot.get_chat_member(chat.id, me.id)
    expect("the bot's right", (member.status, member.can_post_messages), ("administrator", True))
    expect("the members", await bot.get_chat_member_count(chat.id), 2)
    return chat.id


async def texts(bot, chat):
    plain = await bot.send_message(
        chat,
        "Rye & spelt — https://example.org #bread",
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    expect("the marks", [entity.type for entity in plain.entities], ["url", "hashtag"])
    expect("the address", plain.parse_entity(plain.entities[0]), "https://example.org")
    html = await bot.send_message(chat, "<b>Rye</b> &amp; <a href='https://example.org'>spelt</a>", parse_mode="HTML")
    expect("the text without tags", html.text, "Rye & spelt")
    expect("the text with tags", html.text_html, '<b>Rye</b> &amp; <a href="https://example.org">spelt</a>')
    marked = await bot.send_message(chat, "*Rye* at 7\\.", parse_mode="MarkdownV2")
    expect("the text with marks", marked.text_markdown_v2, "*Rye* at 7\\.")
    given = await bot.send_message(
        chat,
        "😀 bold",
        entities=[MessageEntity("bold", 3, 4)],
        reply_parameters=ReplyParameters(plain.message_id),
        protect_content=True,
    )
    expect("the given mark", given.parse_entity(given.entities[0]), "bold")
    expect("the message it answers", given.reply_to_message.message_id, plain.message_id)
    expect("the numbers follow each other", given.message_id - plain.message_id, 3)
    return plain


async def files(bot, chat, web):
    photo = await bot.send_photo(chat, png(), caption="A loaf", has_spoiler=True, filename="loaf.png")
    largest = photo.photo[-1]
    expect("the photo's measures", (largest.width, largest.height), (640, 480))
    again = await bot.send_photo(chat, largest.file_id)
    expect("the photo by its id", again.photo[-1].file_unique_id, largest.file_unique_id)
    by_url = await bot.send_photo(chat, f"{web}/loaf.png")
    expect("the photo by its address", by_url.photo[-1].file_size, len(png()))
    kept = await bot.get_file(largest.file_id)
    expect("the photo's bytes", bytes(await kept.download_as_bytearray()), png())
    video = await bot.send_video(chat, film(4000), width=1080, height=1920, duration=12, supports_streaming=True)
    expect("the film", (video.video.width, seconds(video.video.duration)), (1080, 12))
    animation = await bot.send_animation(chat, b"GIF89a\x80\x02\xe0\x01", filename="loaf.gif")
    expect("the animation", animation.animation.width, 640)
    document = await bot.send_document(chat, b"%PDF-1.7 menu", filename="menu.pdf")
    expect("the document", (document.document.file_name, document.document.mime_type), ("menu.pdf", "application/pdf"))
    album = await bot.send_media_group(
        chat, [InputMediaPhoto(png(), filename="a.png"), InputMediaVideo(film(4000), filename="b.mp4")], caption="Two"
    )
    expect("the album", len({message.media_group_id for message in album}), 1)
    expect("the album's caption", [message.caption for message in album], ["Two", None])
    papers = await bot.send_media_group(
        chat, [InputMediaDocument(f"%PDF-1.7 {n}".encode(), filename=f"{n}.pdf") for n in range(2)]
    )
    expect("the papers", [message.document.file_name for message in papers], ["0.pdf", "1.pdf"])
    return photo, album


async def change(bot, chat, text, photo, album):
    edited = await bot.edit_message_text("Rye at 8", chat, text.message_id)
    expect("the edited text", edited.text, "Rye at 8")
    error = await refused("the same text", BadRequest, bot.edit_message_text("Rye at 8", chat, text.message_id))
    expect("why it was refused", error.message.startswith("Message is not modified"), True)
    await bot.edit_message_caption(chat, photo.message_id, caption="A dark loaf")
    expect("pinning", await bot.pin_chat_message(chat, text.message_id), True)
    expect("what is pinned", (await bot.get_chat(chat)).pinned_message.text, "Rye at 8")
    expect("deleting", await bot.delete_messages(chat, [message.message_id for message in album]), True)
    await refused("deleting again", BadRequest, bot.delete_message(chat, album[0].message_id))


async def refusals(bot, chat, name):
    for what, call in [
        ("a long text", bot.send_message(chat, "x" * 4097)),
        ("an empty text", bot.send_message(chat, " ")),
        ("torn markup", bot.send_message(chat, "1.5", parse_mode="MarkdownV2")),
        ("a long caption", bot.send_photo(chat, png(), caption="x" * 1025)),
        ("a flat photo", bot.send_photo(chat, png(2100, 100))),
        ("no photo", bot.send_photo(chat, b"%PDF-1.7")),
        ("another chat", bot.send_message("@nobody_is_there", "x")),
    ]:
        await refused(what, BadRequest, call)
    stranger = Bot(f"7009999999:AA{'x' * 33}", base_url=API, base_file_url=FILES)
    await refused("a token that is none", InvalidToken, stranger.initialize())
    fault("telegram", "rate_limit", retry_after=7)
    limited = await refused("a flood", RetryAfter, bot.send_message(chat, "x"))
    expect("the time it lasts", seconds(limited.retry_after), 7)
    fault("telegram", "error", status=502)
    await refused("a bad gateway", NetworkError, bot.send_message(chat, "x"))
    before = len(published("telegram", name))
    fault("telegram", "drop_after_accept")
    await refused("a lost answer", NetworkError, bot.send_message(chat, "lost"))
    expect("the lost message is live", [post["text"] for post in published("telegram", name)[before:]], ["lost"])
    advance(61)
    for number in range(20):
        await bot.send_message(chat, f"{number}")
    await refused("the message after twenty", RetryAfter, bot.send_message(chat, "21"))
    advance(61)
    account("telegram", username=name, bot_status="kicked")
    await refused("a bot that was removed", Forbidden, bot.send_message(chat, "x"))


async def moved():
    made = account("telegram", type="group", username="orchard_friends", token=True)
    new = account("telegram", type="group", username="orchard_friends", upgrade=True)
    async with client(made) as bot:
        error = await refused("a group that moved", ChatMigrated, bot.send_message(made["platform_user_id"], "x"))
        expect("its new number", str(error.new_chat_id), new["platform_user_id"])
        await bot.send_message(error.new_chat_id, "here")


async def main():
    name = f"orchard_{os.getpid()}"
    made = account("telegram", username=name, display_name="Orchard", token=True)
    web = serve_files(lambda _path: png())
    async with client(made) as bot:
        chat = await look(bot, made, name)
        text = await texts(bot, chat)
        advance(61)
        photo, album = await files(bot, chat, web)
        advance(61)
        await change(bot, chat, text, photo, album)
        live = published("telegram", name)
        expect("what is live", [post["text"] for post in live], [
            "Rye at 8", "Rye & spelt", "Rye at 7.", "😀 bold", "A dark loaf", "", "", "", "", "", ""])
        expect("its ids", live[0]["id"], str(text.message_id))
        with urlopen(live[0]["url"]) as page:
            expect("the message's page", "Rye at 8" in page.read().decode(), True)
        await refusals(bot, chat, name)
    await moved()
    print("telegram_ptb: the client looked around, sent, changed, deleted and was refused as it should be")


if __name__ == "__main__":
    asyncio.run(main())
