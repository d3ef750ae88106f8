"""Runs the webhook client of discord.py against the emulated Discord.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import asyncio
import io
import os
import sys
from datetime import datetime, timezone
from urllib.request import urlopen

sys.dont_write_bytecode = True

import aiohttp  # noqa: E402
import discord  # noqa: E402
import discord.http  # noqa: E402

from support import SANDBOX, account, advance, expect, fail, fault, film, png, published  # noqa: E402

discord.http.Route.BASE = f"{SANDBOX}/discord.com/api/v10"
NOBODY = discord.AllowedMentions.none()


def hook(made, session):
    return discord.Webhook.partial(
        int(made["platform_user_id"]), made["credentials"]["access_token"], session=session
    )


async def refused(what, kind, call):
    """The exception of this kind with which the client reports a refusal."""
    try:
        answer = await call
    except kind as error:
        return error
    fail(f"{what}: {answer!r} in place of a {kind.__name__}")


async def texts(webhook, made):
    seen = await webhook.fetch()
    expect("the kind", seen.type, discord.WebhookType.incoming)
    expect("the channel", str(seen.channel_id), made["channel_id"])
    expect("the server", str(seen.guild_id), made["guild_id"])

    text = await webhook.send("Rye <@12> @here https://example.org", allowed_mentions=NOBODY, wait=True)
    expect("who is rung", (text.mentions, text.mention_everyone), ([], False))
    age = (datetime.now(timezone.utc) - text.created_at).total_seconds()
    if abs(age) > 60:
        fail(f"the id says that the message is {age} seconds old")
    named = await webhook.send(
        "Spelt", username="Baker", avatar_url="https://example.org/a.png", silent=True, suppress_embeds=True, wait=True
    )
    expect("the name", named.author.name, "Baker")
    expect("the flags", (named.flags.suppress_embeds, named.flags.suppress_notifications), (True, True))
    expect("what is not waited for", await webhook.send("silent"), None)
    return text


async def cards(webhook):
    embed = discord.Embed(
        title="Rye", description="At 7", url="https://example.org", colour=0x5865F2, timestamp=datetime.now(timezone.utc)
    )
    embed.add_field(name="Price", value="4", inline=True)
    embed.set_footer(text="Orchard")
    embed.set_author(name="Baker")
    embed.set_image(url="attachment://loaf.png")
    loaf = discord.File(io.BytesIO(png()), filename="loaf.png", description="A red apple")
    sent = await webhook.send(embeds=[embed], file=loaf, wait=True)
    back = sent.embeds[0]
    expect("the card", (back.title, back.description, back.fields[0].value), ("Rye", "At 7", "4"))
    expect("the card's kind", back.type, "rich")


async def files(webhook):
    sent = await webhook.send(
        "Two apples",
        files=[
            discord.File(io.BytesIO(png()), filename="a.png", description="A red apple", spoiler=True),
            discord.File(io.BytesIO(film(4000)), filename="b.mp4"),
        ],
        wait=True,
    )
    first, second = sent.attachments
    expect("the first file", (first.filename, first.description), ("SPOILER_a.png", "A red apple"))
    expect("it is covered", first.is_spoiler(), True)
    expect("its measures", (first.width, first.height, first.size), (640, 480, len(png())))
    expect("the second file", (second.filename, second.content_type), ("b.mp4", "video/mp4"))
    with urlopen(first.url) as answer:
        expect("the first file's bytes", answer.read(), png())
    return sent


async def change(webhook, text, album, name):
    back = await webhook.fetch_message(text.id)
    expect("the text", back.content, text.content)
    edited = await webhook.edit_message(text.id, content="Rye at 8", allowed_mentions=NOBODY)
    expect("the edited text", (edited.content, edited.edited_at is not None), ("Rye at 8", True))
    fewer = await webhook.edit_message(album.id, attachments=[album.attachments[1]])
    expect("the file that was kept", [file.filename for file in fewer.attachments], ["b.mp4"])
    await webhook.delete_message(album.id)
    error = await refused("a message that is gone", discord.NotFound, webhook.fetch_message(album.id))
    expect("its code", error.code, 10008)
    live = published("discord", name)
    expect("what is live", [post["text"] for post in live], ["Rye at 8", "Spelt", "silent", ""])
    expect("its id", live[0]["id"], str(text.id))
    expect("who is rung", "rings" in (live[0]["extra"] or {}), False)


async def forums(session):
    made = account("discord", username=f"Forum-{os.getpid()}", channel="forum", token=True)
    webhook = hook(made, session)
    error = await refused("a post without a name", discord.HTTPException, webhook.send("x", wait=True))
    expect("its code", error.code, 220001)
    first = await webhook.send("one", thread_name="News", wait=True)
    thread = discord.Object(first.channel.id)
    second = await webhook.send("two", thread=thread, wait=True)
    expect("the thread", second.channel.id, first.channel.id)
    expect("reading in the thread", (await webhook.fetch_message(second.id, thread=thread)).content, "two")


async def refusals(webhook, made, session, name):
    for what, call, code in [
        ("a long text", webhook.send("x" * 2001, wait=True), 50035),
        ("a name that is not allowed", webhook.send("x", username="Discord", wait=True), 50035),
        ("a long card", webhook.send(embed=discord.Embed(title="x" * 257), wait=True), 50035),
        ("nothing", webhook.send("", wait=True), 50006),
        ("a name for a thread", webhook.send("x", thread_name="News", wait=True), 220003),
        ("a thread that is not there", webhook.send("x", thread=discord.Object(99), wait=True), 10003),
    ]:
        error = await refused(what, discord.HTTPException, call)
        expect(f"the code of {what}", error.code, code)
    error = await refused("a long text", discord.HTTPException, webhook.send("x" * 2001, wait=True))
    expect("its words", "In content: Must be 2000 or fewer in length." in error.text, True)

    wrong = discord.Webhook.partial(webhook.id, "z" * 68, session=session)
    error = await refused("a wrong token", discord.HTTPException, wrong.send("x", wait=True))
    expect("its code", (error.status, error.code), (401, 50027))

    # The client waits for as long as it is told and goes on.
    before = len(published("discord", name))
    fault("discord", "rate_limit", retry_after=1)
    await webhook.send("after the limit", wait=True)
    # It obeys the bucket, too: seven calls cannot be had in one window.
    for number in range(7):
        await webhook.send(f"{number}", wait=True)
    live = [post["text"] for post in published("discord", name)[before:]]
    expect("what went out", live, ["after the limit", *(f"{number}" for number in range(7))])

    fault("discord", "token_revoked")
    error = await refused("a webhook that is gone", discord.NotFound, webhook.send("x", wait=True))
    expect("its code", error.code, 10015)


async def main():
    name = f"Orchard-{os.getpid()}"
    made = account("discord", username=name, token=True)
    async with aiohttp.ClientSession() as session:
        webhook = hook(made, session)
        text = await texts(webhook, made)
        await cards(webhook)
        album = await files(webhook)
        advance(5)
        await change(webhook, text, album, name)
        await forums(session)
        await refusals(webhook, made, session, name)
    print("discord_py: the webhook sent, read back, edited, waited and was refused as it should be")


if __name__ == "__main__":
    asyncio.run(main())
