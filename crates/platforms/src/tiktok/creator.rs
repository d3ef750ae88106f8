//! What the account may post, which is asked before every post (page "Query creator info"), and
//! what follows from it for this one.

use connector::{Cx, Failure, MediaKind, Publication};
use domain::Class;

use super::NAME;
use super::api::call;
use super::choices::{is_paid, is_photos};
use super::film;
use super::state::{Creator, PUBLIC, SELF_ONLY, State};
use super::wire::{CreatorInfo, Nothing};

/// Asks, and takes down what was decided.
pub(super) async fn ask(cx: &Cx<'_>, to: &Publication, at: State) -> Result<State, Failure> {
    let info: CreatorInfo = call(cx, "/v2/post/publish/creator_info/query/", &Nothing {}).await?;
    let privacy = privacy(to, &info)?;
    check_length(cx, to, &info).await?;
    let mut warnings = Vec::new();
    let mut is_off = |key: &str, what: &str, off_for_all: bool| {
        let wanted = to.settings.flag(key);
        if off_for_all && wanted == Some(true) {
            warnings.push(format!("{what} are switched off for this account on {NAME}."));
        }
        off_for_all || wanted == Some(false)
    };
    let no_comments = is_off("allowComments", "Comments", info.comment_disabled);
    let (no_duet, no_stitch) = if is_photos(to) {
        (true, true)
    } else {
        (
            is_off("allowDuet", "Duets", info.duet_disabled),
            is_off("allowStitch", "Stitches", info.stitch_disabled),
        )
    };
    let username = info.creator_username;
    let creator = Some(Creator { username, privacy, no_comments, no_duet, no_stitch });
    Ok(State { creator, warnings, ..at })
}

/// Who sees the post. Nobody but the author widens or narrows that.
fn privacy(to: &Publication, info: &CreatorInfo) -> Result<String, Failure> {
    let wanted = to.settings.text("privacyLevel").unwrap_or(PUBLIC);
    let refuse = |public: String| Err(Failure::before_sending(Class::ContentRejected, public));
    if !info.privacy_level_options.iter().any(|option| option == wanted) {
        let offered = info.privacy_level_options.join(", ");
        return refuse(format!(
            "{NAME} does not offer {wanted} to this account; set privacyLevel to one of {offered}."
        ));
    }
    if wanted == SELF_ONLY && is_paid(to) {
        return refuse(format!("{NAME} takes no paid partnership that only the owner sees."));
    }
    Ok(wanted.to_owned())
}

/// Accounts differ in how long a video may be.
async fn check_length(cx: &Cx<'_>, to: &Publication, info: &CreatorInfo) -> Result<(), Failure> {
    let film = to.media.iter().find(|item| item.kind == MediaKind::Video);
    let (Some(film), Some(max)) = (film, info.max_video_post_duration_sec.filter(|max| *max > 0.0)) else {
        return Ok(());
    };
    match film::seconds(cx, film).await? {
        Some(seconds) if seconds > max => {
            let public = format!(
                "The video is {seconds:.1} s long; this account may post up to {max:.0} s on {NAME}."
            );
            Err(Failure::before_sending(Class::MediaFailed, public))
        }
        _ => Ok(()),
    }
}
