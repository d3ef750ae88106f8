//! What publishing tells the metrics and the trace. Decides nothing.

use connector::{DynVerdict, Failure, Verdict};
use domain::{Class, Timestamp};
use store::{Claim, Finish, Outcome};
use tracing::Span;

use super::decide::Decision;
use super::job::Job;

/// A claim begins: `span` becomes part of the destination's trace.
pub(super) fn note_claim(span: &Span, claim: &Claim, now: Timestamp) {
    telemetry::follow(span, claim.lease.destination_id.0, claim.lease.post_id.0);
    // Later claims are late on purpose: they wait for a retry or for the platform.
    if claim.lease.token == 1 {
        telemetry::claimed(claim.lease.platform.as_str(), now.since(claim.scheduled_for));
    }
}

/// A step or a commit failed.
pub(super) fn note_failure(job: &Job<'_>, decision: &Decision, class: &Class) {
    let outcome = match decision {
        // The same is done again at once, and counts by how that ends.
        Decision::Renew => return,
        Decision::LookUp => "unknown",
        Decision::Retry(_) | Decision::WaitUntil(_) | Decision::Fail(..) => name(class),
    };
    telemetry::attempt(job.lease.platform.as_str(), outcome);
}

/// A commit was looked up.
pub(super) fn note_verdict(job: &Job<'_>, outcome: &Result<DynVerdict, Failure>) {
    let verdict = match outcome {
        Ok(Verdict::Found(_)) => "found",
        Ok(Verdict::Absent(_)) => "absent",
        Ok(Verdict::Repeat(_)) => "repeat",
        Ok(Verdict::Unknowable) => "unknowable",
        Err(_) => "failed",
    };
    telemetry::reconciled(job.lease.platform.as_str(), verdict);
}

/// The name of the end that a write brings; `None` when work goes on.
pub(super) fn end_of(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Finish(Finish::Published { .. }) => Some(PUBLISHED),
        Outcome::Finish(Finish::Failed { code, .. }) => Some(code.as_str()),
        Outcome::Keep | Outcome::Continue { .. } | Outcome::Park { .. } | Outcome::Requeue { .. } => None,
    }
}

/// A destination came to its end, and that is written.
pub(super) fn note_end(job: &Job<'_>, end: Option<&'static str>) {
    let Some(end) = end else { return };
    let platform = job.lease.platform.as_str();
    telemetry::finished(platform, end);
    if end == PUBLISHED {
        telemetry::attempt(platform, end);
        telemetry::published(platform, job.now().since(job.scheduled_for));
    }
}

/// A write was taken, or refused because of its lease.
pub(super) fn note_record(written: bool) {
    if !written {
        telemetry::lease_lost();
    }
}

const PUBLISHED: &str = "published";

pub(super) fn name(class: &Class) -> &'static str {
    match class {
        Class::TokenExpired => "token_expired",
        Class::PermissionMissing => "permission_missing",
        Class::ContentRejected => "content_rejected",
        Class::Duplicate { .. } => "duplicate",
        Class::MediaFailed => "media_failed",
        Class::RateLimited { .. } => "rate_limited",
        Class::QuotaExhausted { .. } => "quota_exhausted",
        Class::Transient => "transient",
        Class::Ambiguous => "ambiguous",
        Class::AccountRestricted => "account_restricted",
    }
}
