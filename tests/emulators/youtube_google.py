"""Runs google-api-python-client with its bundled discovery document against the emulated YouTube.

The sandbox is the one at FANFARE_SANDBOX_URL. Ends with a non-zero status on a wrong answer.
"""

import http.client
import importlib.resources
import io
import json
import socket
import sys

sys.dont_write_bytecode = True

import httplib2  # noqa: E402
from google.auth.exceptions import RefreshError  # noqa: E402
from google.oauth2.credentials import Credentials  # noqa: E402
from googleapiclient.discovery import build_from_document  # noqa: E402
from googleapiclient.errors import HttpError  # noqa: E402
from googleapiclient.http import MediaIoBaseUpload  # noqa: E402

from support import SANDBOX, advance, expect, fault, film, png, published, refused  # noqa: E402
from support import account as make  # noqa: E402

CHUNK = 262144
# After a lost answer httplib2 sends the request again with a body that was read, and waits for ever.
socket.setdefaulttimeout(4)


def refusal(what, call):
    """Status and reason of a refusal."""
    error = refused(what, HttpError, call)
    return error.resp.status, json.loads(error.content)["error"]["errors"][0]["reason"]


def client(credentials):
    """The bundled document, with the sandbox in place of Google."""
    documents = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    document = json.loads((documents / "youtube.v3.json").read_text())
    document["rootUrl"] = document["baseUrl"] = f"{SANDBOX}/youtube.googleapis.com/"
    return build_from_document(document, credentials=credentials)


def details(title, privacy="public"):
    return {
        "snippet": {"title": title, "description": f"About {title}", "tags": ["rye", "garden work"], "categoryId": "22"},
        "status": {"privacyStatus": privacy, "selfDeclaredMadeForKids": False},
    }


def insert(youtube, title, size, privacy="public", resumable=True, chunk=CHUNK):
    media = MediaIoBaseUpload(io.BytesIO(film(size)), mimetype="video/mp4", chunksize=chunk, resumable=resumable)
    return youtube.videos().insert(part="snippet,status", body=details(title, privacy), media_body=media)


account = make("youtube", username="google-client", token=True)
held, channel = account["credentials"], account["platform_user_id"]


def live():
    return published("youtube", channel)


# A refresh token in place of an access token: the client renews by itself, at the sandbox.
youtube = client(Credentials(
    None,
    refresh_token=held["refresh_token"],
    token_uri=f"{SANDBOX}/oauth2.googleapis.com/token",
    client_id=account["client_id"],
    client_secret=account["client_secret"],
))

mine = youtube.channels().list(part="snippet,contentDetails,statistics,status", mine=True).execute()["items"][0]
expect("the channel", mine["id"], channel)
expect("a count", mine["statistics"]["videoCount"], "0")
uploads = mine["contentDetails"]["relatedPlaylists"]["uploads"]

# A resumable upload that is cut, and goes on in a client that knows only its address.
size = 3 * CHUNK + 1234
request = insert(youtube, "Cut and resumed", size)
status, answer = request.next_chunk()
expect("the first piece", (status.resumable_progress, answer), (CHUNK, None))
fault("youtube", "error", status=503, operation="upload_chunk")
expect("the cut", refused("the cut", HttpError, request.next_chunk).resp.status, 503)
resumed = insert(youtube, "Cut and resumed", size)
resumed.resumable_uri, resumed._in_error_state = request.resumable_uri, True
status, answer = resumed.next_chunk()
expect("where it goes on", (status.resumable_progress, answer), (2 * CHUNK, None))
while answer is None:
    status, answer = resumed.next_chunk()
video = answer["id"]
expect("the title", answer["snippet"]["title"], "Cut and resumed")
expect("what is live", [(post["id"], post["media"][0]["bytes"]) for post in live()], [(video, size)])

# The last piece's answer is lost: the upload's state names the one video there is.
fault("youtube", "drop_after_accept", operation="create_post")
lost = insert(youtube, "Answer lost", CHUNK // 2)
refused("the lost answer", (OSError, httplib2.HttpLib2Error, http.client.HTTPException), lost.next_chunk)
lost._in_error_state = True
_, answer = lost.next_chunk()
expect("the video of the lost answer", answer["snippet"]["title"], "Answer lost")
expect("one video more", len(live()), 2)

whole = insert(youtube, "In one request", 5000, resumable=False).execute()
expect("a multipart upload", live()[-1]["id"], whole["id"])
hidden = insert(youtube, "Hidden", 5000, privacy="private", chunk=-1).execute()
expect("a private video", len(live()), 3)

listed = youtube.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=3).execute()
expect("a page of uploads", (len(listed["items"]), listed["pageInfo"]["totalResults"]), (3, 4))
following = youtube.playlistItems().list_next(
    youtube.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=3), listed).execute()
expect("the page after it", len(following["items"]), 1)

advance(60)
ready = youtube.videos().list(part="status,processingDetails,fileDetails", id=f"{video},nothing").execute()["items"]
expect("processing", [item["status"]["uploadStatus"] for item in ready], ["processed"])
expect("the file", ready[0]["fileDetails"]["fileSize"], str(size))

shown = youtube.videos().update(part="snippet,status", body={
    "id": hidden["id"],
    "snippet": {"title": "Shown", "categoryId": "22"},
    "status": {"privacyStatus": "public"},
}).execute()
expect("what an update leaves out", "tags" in shown["snippet"], False)
expect("the shown video", live()[-1]["extra"]["title"], "Shown")

thumbnail = MediaIoBaseUpload(io.BytesIO(png(1280, 720)), mimetype="image/png", resumable=False)
set_answer = youtube.thumbnails().set(videoId=video, media_body=thumbnail).execute()
expect("the thumbnail", set_answer["items"][0]["default"]["width"], 120)

comments = youtube.commentThreads()
written = comments.insert(part="snippet", body={"snippet": {
    "channelId": channel,
    "videoId": video,
    "topLevelComment": {"snippet": {"textOriginal": "Links below"}},
}}).execute()
expect("the comment", written["snippet"]["topLevelComment"]["snippet"]["authorChannelId"], {"value": channel})
below = comments.list(part="snippet", videoId=video, order="time", textFormat="plainText").execute()["items"]
expect("what is below the video", [thread["id"] for thread in below], [written["id"]])
expect("the comment in the list", live()[-1]["reply_to"], video)
alone = insert(youtube, "Alone", 5000, privacy="private").execute()["id"]
silent = comments.list(part="snippet", videoId=alone)
expect("comments of a private video", refusal("private comments", silent.execute), (403, "forbidden"))

expect("an empty title", refusal("an empty title", insert(youtube, " ", 5000).execute), (400, "invalidTitle"))
expect("an unknown part", refusal("an unknown part", youtube.videos().list(part="nonsense", id=video).execute), (400, "unknownPart"))
make("youtube", username="google-client", upload_limit=1)
expect("too many", refusal("too many", insert(youtube, "More", 5000).execute), (400, "uploadLimitExceeded"))
# The client answers a refused token with an attempt to renew it, for which it has nothing here.
stranger = client(Credentials("ya29.nobody"))
refused("a made-up token", RefreshError, stranger.channels().list(part="id", mine=True).execute)

expect("a deletion", youtube.videos().delete(id=video).execute(), "")
expect("deleting it again", refusal("deleting it again", youtube.videos().delete(id=video).execute), (404, "videoNotFound"))
expect("what stays", len(live()), 3)
print("youtube_google: Google's own client uploaded, resumed, changed, deleted and was refused as it should be")
