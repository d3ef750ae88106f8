//! The one table from refusals to status, code, `retryable` and details.

use app::{AppError, ValidationError};
use axum::http::StatusCode;
use domain::causes::with_causes;
use serde_json::{Value, json};

/// Every code that an answer can carry.
pub(crate) const CODES: [&str; 31] = [
    "validation_error",
    "invalid_json",
    "invalid_field_name",
    "content_too_long",
    "post_creation_failed",
    "past_schedule_time",
    "invalid_accounts",
    "invalid_timezone",
    "media_not_ready",
    "invalid_credentials",
    "unauthorized",
    "insufficient_scope",
    "forbidden",
    "insufficient_credits",
    "quota_exceeded",
    "not_found",
    "method_not_allowed",
    "conflict",
    "duplicate_post",
    "permanent_failure_circuit_breaker",
    "idempotency_key_in_use",
    "idempotency_key_reused",
    "bulk_limit_exceeded",
    "payload_too_large",
    "file_too_large",
    "media_in_use",
    "upload_refused",
    "unsupported_media_type",
    "rate_limit_exceeded",
    "service_unavailable",
    "internal_error",
];

/// An error answer.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) retryable: bool,
    pub(crate) details: Option<Value>,
    /// Whole seconds for `Retry-After`.
    pub(crate) retry_after: Option<i64>,
    /// For the log only.
    internal: Option<String>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retryable: false,
            details: None,
            retry_after: None,
            internal: None,
        }
    }

    /// A field breaks the schema.
    pub(crate) fn validation(field: &str, message: impl Into<String>) -> Self {
        let details = json!({ "field": field });
        Self { details: Some(details), ..Self::new(StatusCode::BAD_REQUEST, "validation_error", message) }
    }

    /// A well-known wrong field name.
    pub(crate) fn wrong_name(sent: &str, meant: &str) -> Self {
        let message = format!("Unknown field \"{sent}\": did you mean {meant}?");
        let details = json!({ "field": sent, "did_you_mean": meant });
        Self { details: Some(details), ..Self::new(StatusCode::BAD_REQUEST, "invalid_field_name", message) }
    }

    /// More posts in one call than there may be.
    pub(crate) fn bulk_limit(sent: usize, limit: usize) -> Self {
        Self {
            details: Some(json!({ "field": "posts", "sent": sent, "limit": limit })),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "bulk_limit_exceeded",
                format!("posts has {sent} entries; send {limit} at most in one call."),
            )
        }
    }

    /// The body is not JSON.
    pub(crate) fn invalid_json(why: &str) -> Self {
        let message = format!("The body is not valid JSON: {why}.");
        Self::new(StatusCode::BAD_REQUEST, "invalid_json", message)
    }

    /// A request that breaks a protocol, or a state that it does not fit.
    pub(crate) fn protocol(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(status, code, message)
    }

    /// The body broke off.
    pub(crate) fn unreadable() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_json", "The body broke off before its end.")
    }

    /// The key is missing.
    pub(crate) fn no_key() -> Self {
        let message = "Send your API key as \"Authorization: Bearer pe_live_…\".";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// The session is over.
    pub(crate) fn no_session() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "You are not signed in; sign in again.")
    }

    /// A person may not do this, or not like this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// A limit is reached; `seconds` until it frees.
    pub(crate) fn rate_limited(what: &str, seconds: i64) -> Self {
        telemetry::rate_limited(what);
        Self {
            retryable: true,
            details: Some(json!({ "retry_after": seconds })),
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_exceeded",
                format!("This key has reached its limit of {what}; try again in {seconds} s."),
            )
        }
    }

    /// Too many requests came from the caller's address; `seconds` until it may ask again.
    pub(crate) fn address_limited(what: &'static str, seconds: i64) -> Self {
        Self {
            message: format!("Too many {what} from this address; try again in {seconds} s."),
            ..Self::rate_limited(what, seconds)
        }
    }

    /// The body is too large.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
    }

    /// The body is said to be something other than JSON.
    pub(crate) fn not_json_type(sent: &str) -> Self {
        let message = format!("Send application/json, not {sent}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)
    }

    /// The body is no file of posts.
    pub(crate) fn not_file_type(sent: &str) -> Self {
        let message = format!("Send text/csv or application/json, not {sent}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)
    }

    /// No such thing.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("{what} not found."))
    }

    /// A fault of this server.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        let internal = Some(with_causes(error));
        Self { internal, ..Self::from_status(StatusCode::INTERNAL_SERVER_ERROR) }
    }

    /// The database cannot be reached.
    fn away(message: String, error: &dyn std::error::Error) -> Self {
        Self {
            retryable: true,
            internal: Some(with_causes(error)),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", message)
        }
    }

    /// What a status that no handler explained means.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found("Route"),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "This path does not take this method.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "payload_too_large", "The request is too large.")
            }
            status if status.is_client_error() => {
                Self::new(status, "validation_error", "The request cannot be read.")
            }
            status => Self {
                retryable: true,
                ..Self::new(status, "internal_error", "Something went wrong on our side; try again.")
            },
        }
    }

    /// Whether this server or its database is to blame, and not a platform that cannot be asked.
    pub(crate) fn is_own_fault(&self) -> bool {
        self.internal.is_some() || self.status == StatusCode::INTERNAL_SERVER_ERROR
    }

    pub(crate) fn log(&self, request_id: &str) {
        if self.status.is_server_error() {
            tracing::error!(request_id, error = self.internal.as_deref().unwrap_or("-"), "internal error");
        }
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let message = error.to_string();
        let bad = |code| Self::new(StatusCode::BAD_REQUEST, code, message.clone());
        match error {
            AppError::Unauthorized(_) => Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message),
            AppError::InsufficientScope(scope) | AppError::InsufficientRole(scope) => Self {
                details: Some(json!({ "required_scope": scope })),
                ..Self::new(StatusCode::FORBIDDEN, "insufficient_scope", message)
            },
            AppError::Forbidden(_) => Self::forbidden(message),
            AppError::TooManyTries(seconds) => {
                Self { message, ..Self::rate_limited("tries to sign in", seconds) }
            }
            AppError::NotFound(what) => Self::not_found(what),
            AppError::Validation { field, message } => Self::validation(&field, message),
            AppError::BadFile { row, column, .. } => {
                let details = json!({ "field": "file", "row": row, "column": column });
                Self { details: Some(details), ..bad("validation_error") }
            }
            AppError::InvalidAccounts(ids) => {
                let ids: Vec<i64> = ids.iter().take(100).map(|id| id.0).collect();
                Self {
                    details: Some(json!({ "field": "account_ids", "account_ids": ids })),
                    ..bad("invalid_accounts")
                }
            }
            AppError::PastScheduleTime => {
                Self { details: Some(json!({ "field": "scheduled_for" })), ..bad("past_schedule_time") }
            }
            AppError::InvalidTimezone(_) => {
                Self { details: Some(json!({ "field": "timezone" })), ..bad("invalid_timezone") }
            }
            AppError::MediaNotReady(id) => Self {
                details: Some(json!({ "field": "media_ids", "media_id": id })),
                ..bad("media_not_ready")
            },
            AppError::ContentTooLong { length, limit } => Self {
                details: Some(json!({ "field": "content", "length": length, "limit": limit })),
                ..bad("content_too_long")
            },
            AppError::PostCreationFailed(errors) => Self {
                details: Some(json!({
                    "validation_errors": errors.iter().map(validation_error).collect::<Vec<_>>(),
                })),
                ..bad("post_creation_failed")
            },
            AppError::InvalidCredentials(_) => bad("invalid_credentials"),
            AppError::PlatformUnavailable(_) | AppError::Busy(_) => Self {
                retryable: true,
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", message)
            },
            AppError::InsufficientCredits { needed, left } => Self {
                details: Some(json!({ "credits_required": needed, "credits_remaining": left })),
                ..Self::new(StatusCode::PAYMENT_REQUIRED, "insufficient_credits", message)
            },
            // The caller can only wait until the operator has done something.
            AppError::NotSetUp(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", message)
            }
            AppError::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", message),
            AppError::KeyReused => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message)
            }
            AppError::KeyInUse => Self {
                retryable: true,
                retry_after: Some(1),
                details: Some(json!({ "retry_after": 1 })),
                ..Self::new(StatusCode::CONFLICT, "idempotency_key_in_use", message)
            },
            AppError::KeepsFailing(tripped) => Self {
                details: Some(json!({
                    "failures": app::MOST_FAILURES,
                    "window_hours": app::FAILURES_COUNT_FOR.as_seconds_ceil() / 3_600,
                    "last_post_id": tripped.last,
                    "last_failed_at": tripped.last_failed_at.to_iso_millis(),
                    "until": tripped.until.to_iso_millis(),
                })),
                ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "permanent_failure_circuit_breaker", message)
            },
            AppError::DuplicatePost(found) => Self {
                details: Some(json!({ "post_id": found.post, "account_id": found.account })),
                ..Self::new(StatusCode::CONFLICT, "duplicate_post", message)
            },
            AppError::FileTooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", message),
            AppError::QuotaExceeded(_) => Self::new(StatusCode::FORBIDDEN, "quota_exceeded", message),
            AppError::UnsupportedMediaType(_) => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)
            }
            AppError::BytesMissing => bad("validation_error"),
            AppError::UploadRefused => Self::new(StatusCode::FORBIDDEN, "upload_refused", message),
            AppError::UploadExpired => Self::new(StatusCode::GONE, "upload_refused", message),
            AppError::MediaInUse(posts) => Self {
                details: Some(json!({ "post_ids": posts })),
                ..Self::new(StatusCode::CONFLICT, "media_in_use", message)
            },
            AppError::Locked(_) => {
                Self { retryable: true, ..Self::new(StatusCode::LOCKED, "conflict", message) }
            }
            AppError::Away(source) => Self::away(message, source.as_ref()),
            AppError::Unsure(source) => Self { message, ..Self::internal(source.as_ref()) },
            AppError::Internal(source) => Self::internal(source.as_ref()),
        }
    }
}

fn validation_error(error: &ValidationError) -> Value {
    json!({
        "platform": error.platform,
        "account_id": error.account_id,
        "field": error.field,
        "code": error.code,
        "message": error.message,
    })
}

#[cfg(test)]
mod tests;
