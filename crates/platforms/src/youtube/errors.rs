//! YouTube's answers as failure classes (Data API: errors; Google identity: OAuth errors). The reason
//! decides; statuses mislead: a channel's upload limit is a 400.

use connector::Failure;
use domain::caps::{Cap, CapWindow, Counts, Published};
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::wire::{Envelope, Problem, TokenProblem};

/// The zone whose midnight renews a project's quota.
const QUOTA_ZONE: &str = "America/Los_Angeles";

/// What an error answer to anything but a commit means.
pub(super) fn classify(answer: &Answer, now: Timestamp) -> Failure {
    recognise(answer, now).unwrap_or_else(|| {
        let class = if (400..500).contains(&answer.status) && answer.status != 408 {
            Class::ContentRejected
        } else {
            Class::Transient
        };
        Failure::answered(class, format!("{NAME} refused the request ({}).", said(answer)), answer)
    })
}

/// What an error answer to a commit means. Only a recognised reason is proof that it did nothing.
pub(super) fn classify_commit(answer: &Answer, now: Timestamp) -> Failure {
    match recognise(answer, now) {
        Some(failure) if failure.class != Class::Transient => failure,
        _ => Failure::unproven(format!("{NAME} answered with an error ({}).", said(answer)), answer),
    }
}

/// The next midnight of the Pacific coast, when quotas are renewed.
pub(super) fn next_pacific_midnight(now: Timestamp) -> Timestamp {
    let day = Cap { count: 1, window: CapWindow::Day(QUOTA_ZONE), counts: Counts::Posts };
    let used = [Published { at: now, parts: 1 }];
    day.opens_at(now, &used, 1).unwrap_or(now + Span::from_days(1))
}

fn recognise(answer: &Answer, now: Timestamp) -> Option<Failure> {
    let (class, public) = meaning(answer, now)?;
    Some(Failure::answered(class, public, answer))
}

fn meaning(answer: &Answer, now: Timestamp) -> Option<(Class, String)> {
    if answer.status >= 500 {
        return Some((Class::Transient, format!("{NAME} is not available.")));
    }
    let problem = problem(answer);
    let mut reasons = problem.errors.iter().chain(&problem.details).map(|one| one.reason.as_str());
    reasons.find_map(|reason| of_reason(reason, answer, now)).or_else(|| match answer.status {
        401 => Some((Class::TokenExpired, format!("{NAME} refused the access token."))),
        429 => Some(limited(answer, now)),
        _ => None,
    })
}

fn of_reason(reason: &str, answer: &Answer, now: Timestamp) -> Option<(Class, String)> {
    Some(match reason {
        "authError" | "required" if answer.status == 401 => {
            (Class::TokenExpired, format!("{NAME} refused the access token."))
        }
        "youtubeSignupRequired" => (
            Class::TokenExpired,
            format!("This Google account has no {NAME} channel; create one, then connect the account again."),
        ),
        "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" => (
            Class::PermissionMissing,
            format!("The account did not allow this on {NAME}; connect it again with all permissions."),
        ),
        "accessNotConfigured" | "SERVICE_DISABLED" => (
            Class::PermissionMissing,
            format!("The {NAME} Data API is not enabled for this server's Google project; enable it there."),
        ),
        "quotaExceeded" | "dailyLimitExceeded" => (
            Class::QuotaExhausted { until: Some(next_pacific_midnight(now)) },
            format!(
                "This server's {NAME} quota for today is used up; it is renewed at midnight Pacific time."
            ),
        ),
        "uploadLimitExceeded" => (
            Class::QuotaExhausted { until: Some(now + Span::from_hours(24)) },
            format!("{NAME} takes no more videos from this channel for now; it does again within 24 hours."),
        ),
        "rateLimitExceeded" | "userRateLimitExceeded" | "uploadRateLimitExceeded" | "RATE_LIMIT_EXCEEDED" => {
            limited(answer, now)
        }
        "channelClosed"
        | "channelSuspended"
        | "authenticatedUserAccountClosed"
        | "authenticatedUserAccountSuspended"
        | "accountDelegationForbidden"
        | "authenticatedUserNotChannel" => (
            Class::AccountRestricted,
            format!("{NAME} has closed or restricted this channel; open {NAME} to see why."),
        ),
        "forbidden" => {
            (Class::PermissionMissing, format!("The channel may not do this on {NAME} ({}).", said(answer)))
        }
        "backendError" | "internalError" | "SERVICE_UNAVAILABLE" => {
            (Class::Transient, format!("{NAME} is not available."))
        }
        "invalidTitle" => (
            Class::ContentRejected,
            format!("{NAME} refused the title: 1 to 100 characters without < and >."),
        ),
        "invalidDescription" => (
            Class::ContentRejected,
            format!("{NAME} refused the description: at most 5,000 bytes without < and >."),
        ),
        "invalidTags" => (Class::ContentRejected, format!("{NAME} refused the tags: 500 characters in all.")),
        "invalidCategoryId" => {
            (Class::ContentRejected, format!("{NAME} does not know this category in the channel's country."))
        }
        "invalidPublishAt"
        | "invalidVideoMetadata"
        | "invalidFilename"
        | "invalidRecordingDetails"
        | "invalidVideoGameRating"
        | "defaultLanguageNotSet"
        | "forbiddenPrivacySetting"
        | "forbiddenLicenseSetting" => {
            (Class::ContentRejected, format!("{NAME} refused the video's details ({}).", said(answer)))
        }
        "commentsDisabled" => (Class::ContentRejected, format!("{NAME} takes no comments on this video.")),
        "commentTextRequired" | "commentTextTooLong" | "invalidCommentThreadMetadata" => {
            (Class::ContentRejected, format!("{NAME} refused the comment ({}).", said(answer)))
        }
        "ineligibleAccount" => {
            (Class::PermissionMissing, format!("This channel cannot write comments on {NAME}."))
        }
        "mediaBodyRequired" => (Class::MediaFailed, format!("{NAME} got no video; attach it again.")),
        _ => return None,
    })
}

fn limited(answer: &Answer, now: Timestamp) -> (Class, String) {
    let named = answer.header("retry-after").and_then(|text| text.trim().parse().ok());
    let until = Some(now + Span::from_seconds(named.unwrap_or(60)));
    (Class::RateLimited { until }, format!("{NAME} takes no more requests for now."))
}

/// An error of the token endpoint. Only `invalid_grant` is a revocation; a 5xx never is.
pub(super) fn classify_token(answer: &Answer) -> Failure {
    let problem: TokenProblem = serde_json::from_slice(&answer.body).unwrap_or_default();
    match problem.error.as_str() {
        "invalid_grant" if answer.status < 500 => {
            let public = format!("{NAME} has ended the access; connect the account again.");
            Failure::answered(Class::TokenExpired, public, answer)
        }
        "invalid_client" | "unauthorized_client" | "deleted_client" if answer.status < 500 => {
            let public = "Google does not know this server's app; check its client id and secret.";
            Failure::answered(Class::PermissionMissing, public, answer)
        }
        "redirect_uri_mismatch" if answer.status < 500 => {
            let public =
                "Google does not know this server's callback address; add it to the app's redirect URIs.";
            Failure::answered(Class::PermissionMissing, public, answer)
        }
        _ => Failure::answered(Class::Transient, format!("{NAME} did not renew the access."), answer),
    }
}

/// An error of the token endpoint when a code is exchanged.
pub(super) fn classify_code(answer: &Answer) -> Failure {
    let failure = classify_token(answer);
    if failure.class == Class::PermissionMissing || answer.status >= 500 {
        return failure;
    }
    let public = format!("{NAME} no longer takes this sign-in; begin again with a new link.");
    Failure::answered(Class::TokenExpired, public, answer)
}

/// Whether the platform does not know an upload any more.
pub(super) const fn is_gone(answer: &Answer) -> bool {
    matches!(answer.status, 404 | 410)
}

fn problem(answer: &Answer) -> Problem {
    serde_json::from_slice::<Envelope>(&answer.body).unwrap_or_default().error
}

/// The platform's own words, for the author.
pub(super) fn said(answer: &Answer) -> String {
    let words = problem(answer).message;
    if words.is_empty() {
        format!("status {}", answer.status)
    } else {
        words.trim_end_matches('.').chars().take(200).collect()
    }
}
