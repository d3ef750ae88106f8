//! The whole table, so that a change of it is seen.

use std::collections::BTreeSet;

use domain::{AccountId, MediaId, PlatformName};
use uuid::Uuid;

use super::*;

/// One of each. A new variant does not compile until it stands here.
fn refusals() -> Vec<AppError> {
    let all = vec![
        AppError::Unauthorized("The API key is not known."),
        AppError::InsufficientScope("write"),
        AppError::InsufficientRole("write"),
        AppError::Forbidden("Only owners and admins of the organization may do this.".to_owned()),
        AppError::TooManyTries(8),
        AppError::NotFound("Post"),
        AppError::validation("timezone", "timezone must be a text, not a number."),
        AppError::InvalidAccounts(vec![AccountId(7), AccountId(8)]),
        AppError::PastScheduleTime,
        AppError::InvalidTimezone("Mars/Olympus".to_owned()),
        AppError::MediaNotReady(MediaId(Uuid::nil())),
        AppError::ContentTooLong { length: 200_001, limit: 200_000 },
        AppError::PostCreationFailed(vec![ValidationError {
            platform: PlatformName::from_static("x"),
            account_id: AccountId(7),
            field: "content".to_owned(),
            code: "content_too_long",
            message: "X: the text has 301 characters, this account allows 280.".to_owned(),
        }]),
        AppError::InvalidCredentials("Bluesky did not accept the handle or the app password.".to_owned()),
        AppError::PlatformUnavailable("Bluesky could not be reached.".to_owned()),
        AppError::QuotaExceeded("An organization has 25 webhooks at most; delete one first.".to_owned()),
        AppError::InsufficientCredits { needed: 15, left: 3 },
        AppError::NotSetUp("AI is not set up on this server.".to_owned()),
        AppError::Conflict("Only a draft can be scheduled; this post is published.".to_owned()),
        AppError::KeyReused,
        AppError::KeyInUse,
        AppError::DuplicatePost(app::DuplicatePost {
            post: domain::PostId(Uuid::nil()),
            account: AccountId(7),
        }),
        AppError::KeepsFailing(app::Tripped {
            last: domain::PostId(Uuid::nil()),
            last_failed_at: domain::Timestamp::from_micros(0),
            until: domain::Timestamp::from_micros(0),
        }),
        AppError::FileTooLarge("Images may have 20 MB at most.".to_owned()),
        AppError::UnsupportedMediaType("Only images and MP4 videos are fetched.".to_owned()),
        AppError::BytesMissing,
        AppError::UploadRefused,
        AppError::UploadExpired,
        AppError::MediaInUse(vec![domain::PostId(Uuid::nil())]),
        AppError::Locked("Another request adds to this upload.".to_owned()),
        AppError::Busy("The same file is being removed at this moment; send it again.".to_owned()),
        AppError::BadFile {
            row: Some(3),
            column: Some("content".to_owned()),
            message: "Row 3, column content: it must not hold NUL characters.".to_owned(),
        },
        AppError::Away("connection refused".into()),
        AppError::Unsure("connection reset".into()),
        AppError::Internal("disk full".into()),
    ];
    for error in &all {
        match error {
            AppError::Unauthorized(_)
            | AppError::InsufficientScope(_)
            | AppError::InsufficientRole(_)
            | AppError::Forbidden(_)
            | AppError::TooManyTries(_)
            | AppError::NotFound(_)
            | AppError::Validation { .. }
            | AppError::BadFile { .. }
            | AppError::InvalidAccounts(_)
            | AppError::PastScheduleTime
            | AppError::InvalidTimezone(_)
            | AppError::MediaNotReady(_)
            | AppError::ContentTooLong { .. }
            | AppError::PostCreationFailed(_)
            | AppError::InvalidCredentials(_)
            | AppError::PlatformUnavailable(_)
            | AppError::QuotaExceeded(_)
            | AppError::InsufficientCredits { .. }
            | AppError::NotSetUp(_)
            | AppError::Conflict(_)
            | AppError::KeyReused
            | AppError::KeyInUse
            | AppError::DuplicatePost(_)
            | AppError::KeepsFailing(_)
            | AppError::FileTooLarge(_)
            | AppError::UnsupportedMediaType(_)
            | AppError::BytesMissing
            | AppError::UploadRefused
            | AppError::UploadExpired
            | AppError::MediaInUse(_)
            | AppError::Locked(_)
            | AppError::Busy(_)
            | AppError::Away(_)
            | AppError::Unsure(_)
            | AppError::Internal(_) => {}
        }
    }
    all
}

fn own() -> Vec<ApiError> {
    vec![
        ApiError::wrong_name("text", "content"),
        ApiError::bulk_limit(51, 50),
        ApiError::invalid_json("EOF while parsing a value at line 1 column 0"),
        ApiError::unreadable(),
        ApiError::no_key(),
        ApiError::rate_limited("requests per minute", 17),
        ApiError::address_limited("device logins", 60),
        ApiError::too_large(2_097_152),
        ApiError::not_json_type("text/plain"),
        ApiError::not_file_type("image/png"),
        ApiError::from_status(StatusCode::METHOD_NOT_ALLOWED),
    ]
}

fn table() -> Vec<ApiError> {
    refusals().into_iter().map(ApiError::from).chain(own()).collect()
}

#[test]
fn every_refusal_has_its_status_code_and_words() {
    let shown: Vec<Value> = table()
        .into_iter()
        .map(|error| {
            json!({
                "status": error.status.as_u16(),
                "code": error.code,
                "retryable": error.retryable,
                "message": error.message,
                "details": error.details,
            })
        })
        .collect();
    insta::assert_json_snapshot!(shown);
}

#[test]
fn the_listed_codes_are_those_of_the_table() {
    let used: BTreeSet<&str> = table().iter().map(|error| error.code).collect();
    assert_eq!(used, BTreeSet::from(CODES));
}

#[test]
fn what_went_wrong_inside_stays_inside() {
    let error = ApiError::from(AppError::Internal("disk full at /var/lib".into()));
    assert!(!error.message.contains("disk"));
    assert!(error.details.is_none());
    assert_eq!(error.internal.as_deref(), Some("disk full at /var/lib"));
}
