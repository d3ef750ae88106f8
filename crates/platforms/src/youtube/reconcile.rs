//! Finding out what became of the last piece: the upload itself tells. Only where it is gone, or its
//! address was lost by a restore, the channel's uploads are looked through. A comment is looked for
//! below its video.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::{Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::api::get;
use super::comment;
use super::follow_up::{live, restored};
use super::publish::video;
use super::state::{Stage, State};
use super::upload::{Progress, ask, title};
use super::wire::{List, PlaylistItem, Video};

/// Clocks differ, and `publishedAt` has whole seconds.
const SLACK: Span = Span::from_minutes(1);
/// Pages of 50 uploads that are looked through.
const PAGES: usize = 20;

enum Look {
    Found(String),
    Missing,
    /// There are more uploads since then than are looked through.
    InVain,
}

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if at.stage == Stage::Comment {
        return Ok(Verdict::Found(comment::look(cx, to, at).await?));
    }
    let item = video(to)?;
    let found = |at: State, id: String| {
        let next = if intent.restored { restored(cx, to, at, id) } else { Next::Go(live(cx, at, id)) };
        Ok(Verdict::Found(next))
    };
    if let Some(id) = at.video.clone() {
        return found(at, id);
    }
    let mut next = at.clone();
    if let Some(session) = at.session() {
        match ask(cx, item, session).await? {
            Progress::Done(video) => return found(at, video.id),
            Progress::At(sent, moved) => {
                let session = moved.unwrap_or_else(|| session.clone());
                next.stage = Stage::Chunks { session, sent };
                if !intent.restored {
                    return Ok(Verdict::Absent(next));
                }
            }
            Progress::Gone => next = next.begun_again(),
        }
    }
    Ok(match look(cx, to, item.size_bytes, intent.at - SLACK).await? {
        Look::Found(id) => return found(at, id),
        Look::Missing => Verdict::Absent(next),
        Look::InVain => Verdict::Unknowable,
    })
}

/// Looks for the video among the channel's uploads since then, private ones included.
async fn look(cx: &Cx<'_>, to: &Publication, size_bytes: u64, since: Timestamp) -> Result<Look, Failure> {
    // The playlist of a channel's uploads has the channel's id but for its second letter.
    let channel = &cx.account.platform_user_id;
    let playlist = channel.strip_prefix("UC").map_or_else(|| channel.clone(), |rest| format!("UU{rest}"));
    let mut page: Option<String> = None;
    for _ in 0..PAGES {
        let mut query =
            vec![("part", "snippet,contentDetails"), ("playlistId", playlist.as_str()), ("maxResults", "50")];
        query.extend(page.as_deref().map(|token| ("pageToken", token)));
        let list: List<PlaylistItem> = get(cx, "/youtube/v3/playlistItems", &query).await?;
        for item in &list.items {
            let snippet = &item.snippet;
            if Timestamp::parse(&snippet.published_at).is_ok_and(|at| at < since) {
                return Ok(Look::Missing);
            }
            let is_like_it =
                is_same_text(&snippet.title, title(to)) && is_same_text(&snippet.description, &to.text);
            if is_like_it && has_size(cx, &item.content_details.video_id, size_bytes).await? {
                return Ok(Look::Found(item.content_details.video_id.clone()));
            }
        }
        page = list.next_page_token;
        if page.is_none() {
            return Ok(Look::Missing);
        }
    }
    Ok(Look::InVain)
}

/// Whether two texts are the same but for spelling that the platform may change.
pub(super) fn is_same_text(one: &str, other: &str) -> bool {
    let comparable = |text: &str| text.nfc().collect::<String>();
    let (one, other) = (comparable(one), comparable(other));
    one.split_whitespace().eq(other.split_whitespace())
}

/// Whether the file behind a video has this size; where the platform does not say, title and text
/// have to do.
async fn has_size(cx: &Cx<'_>, id: &str, size_bytes: u64) -> Result<bool, Failure> {
    let list: List<Video> =
        get(cx, "/youtube/v3/videos", &[("part", "fileDetails,status"), ("id", id)]).await?;
    let said = list.items.first().and_then(|video| video.file_details.file_size.clone());
    Ok(said.and_then(|text| text.parse().ok()).is_none_or(|size: u64| size == size_bytes))
}
