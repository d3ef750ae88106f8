//! The answers of TikTok as failure classes (pages "Error handling" and "Get post status"). The
//! code in the body decides; the same words come as errors and as reasons of a failed publish.

use connector::Failure;
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::Outcome;

/// How long calls are left alone when the answer names no time: limits count a minute.
const UNNAMED_LIMIT: Span = Span::from_minutes(1);
/// Allowances of 24 hours come back little by little, so they are asked about again this often.
const ASK_ALLOWANCE_AGAIN: Span = Span::from_hours(1);

/// Whether an answer says that it worked.
pub(super) fn is_ok(answer: &Answer) -> bool {
    outcome(answer).error.code == "ok"
}

/// What an error answer to anything but a publishing request means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    if answer.status >= 500 {
        return Failure::answered(Class::Transient, format!("{NAME} is not available."), answer);
    }
    recognise_answer(answer, now).unwrap_or_else(|| {
        Failure::answered(Class::Transient, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a publishing request means. Only a recognised answer is proof that
/// nothing was published.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    recognise_answer(answer, now).unwrap_or_else(|| {
        Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer)
    })
}

/// What it means that a publish ended like this.
pub(super) fn classify_reason(reason: &str, now: Timestamp) -> Failure {
    let (class, public) = match reason {
        "file_format_check_failed" => refused_file("it must be MP4, MOV or WebM; photos are JPEG or WebP"),
        "duration_check_failed" => refused_file("it is longer than this account may post, or too short"),
        "frame_rate_check_failed" => refused_file("a video has 23 to 60 frames a second"),
        "picture_size_check_failed" => {
            refused_file("a video has 360 to 4,096 pixels a side, a photo at most 1080p")
        }
        "video_pull_failed" | "photo_pull_failed" => (
            Class::MediaFailed,
            format!("{NAME} could not fetch the media from this server; check that public_url is reachable."),
        ),
        "auth_removed" => {
            (Class::TokenExpired, format!("The owner has taken this server's access to {NAME} away."))
        }
        "publish_cancelled" => (Class::ContentRejected, format!("The post was cancelled on {NAME}.")),
        "internal" => (Class::MediaFailed, format!("{NAME} could not process the post; try it again later.")),
        _ => recognise(reason, reason, now).unwrap_or_else(|| {
            (Class::MediaFailed, format!("{NAME} could not publish the post ({reason})."))
        }),
    };
    Failure::before_sending(class, public)
}

/// Whether a publish that ended like this may work when it is begun anew.
pub(super) fn may_pass(reason: &str) -> bool {
    matches!(reason, "internal" | "video_pull_failed" | "photo_pull_failed")
}

/// An error of the endpoint that renews tokens. It may come with status 200.
pub(super) fn classify_token(answer: &Answer, now: Timestamp) -> Failure {
    let code = outcome(answer).error.code;
    let refuse = |class, public: String| Failure::answered(class, public, answer);
    match code.as_str() {
        _ if answer.status >= 500 => classify(answer, now),
        "invalid_grant" => {
            refuse(Class::TokenExpired, format!("{NAME} has ended the access; connect the account again."))
        }
        "invalid_client" | "unauthorized_client" => refuse(
            Class::PermissionMissing,
            format!("{NAME} does not know this server's app; check its client key and secret."),
        ),
        _ if answer.status == 429 => classify(answer, now),
        _ => refuse(Class::Transient, format!("{NAME} did not renew the access ({}).", said(answer))),
    }
}

/// An error when a code is exchanged.
pub(super) fn classify_code(answer: &Answer, now: Timestamp) -> Failure {
    let failure = classify_token(answer, now);
    let code = outcome(answer).error.code;
    if answer.status < 500 && matches!(code.as_str(), "invalid_grant" | "invalid_request" | "access_denied") {
        let public = format!("{NAME} no longer takes this sign-in; begin again with a new link.");
        return Failure::answered(Class::TokenExpired, public, answer);
    }
    failure
}

fn recognise_answer(answer: &Answer, now: Timestamp) -> Option<Failure> {
    if answer.status >= 500 {
        return None;
    }
    let code = outcome(answer).error.code;
    let (class, public) = match recognise(&code, &said(answer), now) {
        Some(known) => known,
        None if answer.status == 429 => too_many_calls(now),
        None => return None,
    };
    let named = answer.header("retry-after").and_then(|value| value.trim().parse().ok());
    let class = match (class, named) {
        (Class::RateLimited { .. }, Some(seconds)) => {
            Class::RateLimited { until: Some(now + Span::from_seconds(seconds)) }
        }
        (class, _) => class,
    };
    Some(Failure::answered(class, public, answer))
}

fn recognise(code: &str, said: &str, now: Timestamp) -> Option<(Class, String)> {
    let allowance = || Class::QuotaExhausted { until: Some(now + ASK_ALLOWANCE_AGAIN) };
    Some(match code {
        "access_token_invalid" => (Class::TokenExpired, format!("{NAME} refused the access token.")),
        "scope_not_authorized" | "scope_permission_missed" => (
            Class::PermissionMissing,
            format!(
                "The account may not do this on {NAME} ({said}); connect it again with every permission."
            ),
        ),
        "unaudited_client_can_only_post_to_private_accounts" => (
            Class::PermissionMissing,
            format!(
                "{NAME} has not audited this server's app: until then only accounts that are set to private \
                 can be posted to, with privacyLevel SELF_ONLY."
            ),
        ),
        "url_ownership_unverified" => (
            Class::PermissionMissing,
            format!(
                "{NAME} fetches media only from addresses that belong to the app; verify public_url in \
                 {NAME}'s developer portal."
            ),
        ),
        "privacy_level_option_mismatch" => (
            Class::ContentRejected,
            format!("{NAME} does not offer this privacyLevel to this account; choose another one."),
        ),
        "invalid_param" | "invalid_params" | "invalid_file_upload" => {
            (Class::ContentRejected, format!("{NAME} refused the post ({said})."))
        }
        "app_version_check_failed" => (
            Class::ContentRejected,
            format!("The owner's {NAME} app is too old for photos in the inbox; it has to be updated."),
        ),
        "rate_limit_exceeded" => too_many_calls(now),
        "spam_risk_too_many_posts" => {
            (allowance(), format!("The account has published as much as {NAME} allows in 24 hours."))
        }
        "spam_risk_too_many_pending_share" => (
            allowance(),
            format!("Too many drafts wait in the owner's {NAME} inbox; they have to be posted or deleted."),
        ),
        "reached_active_user_cap" => (
            allowance(),
            format!("As many people as {NAME} allows have posted through this app in 24 hours."),
        ),
        "spam_risk_user_banned_from_posting" => (
            Class::AccountRestricted,
            format!("{NAME} has banned this account from posting; open {NAME} to see why."),
        ),
        code if code.starts_with("spam_risk") => {
            (Class::ContentRejected, format!("{NAME} took this for spam; change the text or the media."))
        }
        _ => return None,
    })
}

fn too_many_calls(now: Timestamp) -> (Class, String) {
    let class = Class::RateLimited { until: Some(now + UNNAMED_LIMIT) };
    (class, format!("{NAME} takes no more requests for now."))
}

fn refused_file(why: &str) -> (Class, String) {
    (Class::MediaFailed, format!("{NAME} refused a media file: {why}."))
}

fn outcome(answer: &Answer) -> Outcome {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The platform's own words, for the author.
fn said(answer: &Answer) -> String {
    let Outcome { error, error_description } = outcome(answer);
    let words = [error.message, error_description, error.code].into_iter().find(|words| !words.is_empty());
    words.map_or_else(|| format!("status {}", answer.status), |words| words.trim_end_matches('.').to_owned())
}
