//! What follows from a failure. Pure, and the only place that decides it.

use connector::Failure;
use domain::retry::RetryPolicy;
use domain::{Class, FailureCode, Span, Timestamp};
use net::Sent;
use store::Work;

/// Where a failure happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum During {
    /// In a step, which may be repeated.
    Step,
    /// In a commit, which may not.
    Commit,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Whether it happened is not known: look it up, never send it again.
    LookUp,
    /// Renew the credentials and do the same again.
    Renew,
    /// A new attempt then.
    Retry(Timestamp),
    /// The same attempt goes on then; the platform asked to wait.
    WaitUntil(Timestamp),
    /// It has failed.
    Fail(FailureCode, String),
}

/// How long to wait when a platform limits calls and does not say until when.
const UNNAMED_LIMIT: Span = Span::from_seconds(60);
/// A limit that the platform names never ends at once: its clock differs from ours.
const SHORTEST_WAIT: Span = Span::from_millis(500);

/// Decides what follows from `failure`.
pub(crate) fn decide(
    failure: &Failure,
    during: During,
    work: &Work,
    policy: &RetryPolicy,
    scheduled_for: Timestamp,
    now: Timestamp,
    jitter: f64,
) -> Decision {
    if during == During::Commit && failure.leaves_commit_open() {
        return Decision::LookUp;
    }
    let fail = |code: FailureCode| Decision::Fail(code, failure.public.clone());
    let wait = |until: Option<Timestamp>, code: FailureCode| {
        // A wait that this server keeps up itself ends when it said: were it made longer by each
        // destination that meets it, two of them would hold each other back for ever.
        let shortest = if failure.sent == Sent::No { Span::ZERO } else { SHORTEST_WAIT };
        let until = until.unwrap_or(now + UNNAMED_LIMIT).max(now + shortest);
        if until > scheduled_for + policy.give_up_waiting_after && until > now + UNNAMED_LIMIT {
            Decision::Fail(code, failure.public.clone())
        } else {
            Decision::WaitUntil(until)
        }
    };
    match &failure.class {
        Class::TokenExpired => Decision::Renew,
        Class::PermissionMissing => fail(FailureCode::PermissionMissing),
        Class::ContentRejected => fail(FailureCode::ContentRejected),
        Class::Duplicate { .. } => fail(FailureCode::Duplicate),
        Class::MediaFailed => fail(FailureCode::MediaFailed),
        Class::AccountRestricted => fail(FailureCode::AccountRestricted),
        Class::RateLimited { until } => wait(*until, FailureCode::RateLimited),
        Class::QuotaExhausted { until } => wait(*until, FailureCode::QuotaExhausted),
        Class::Transient | Class::Ambiguous => match policy.pause_after(work.tries, jitter) {
            Some(pause) => Decision::Retry(now + pause),
            None => Decision::Fail(
                FailureCode::AttemptsExhausted,
                format!("{} {} attempts were made; retry it later.", failure.public, work.attempts),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn failure(class: Class, sent: Sent) -> Failure {
        Failure { sent, ..Failure::before_sending(class, "It did not work.") }
    }

    #[track_caller]
    fn check(failure: &Failure, during: During, tries: u32, expect: &Decision) {
        let work = Work { tries, attempts: tries, ..Work::default() };
        let decision = decide(failure, during, &work, &RetryPolicy::default(), NOW, NOW, 0.0);
        assert_eq!(decision, *expect);
    }

    #[test]
    fn a_commit_that_was_perhaps_sent_is_looked_up_whatever_its_class() {
        for class in [
            Class::Transient,
            Class::ContentRejected,
            Class::TokenExpired,
            Class::RateLimited { until: None },
            Class::Duplicate { existing: None },
        ] {
            check(&failure(class, Sent::Maybe), During::Commit, 1, &Decision::LookUp);
        }
        check(&failure(Class::Ambiguous, Sent::Answered), During::Commit, 1, &Decision::LookUp);
    }

    #[test]
    fn a_passing_fault_is_tried_three_times() {
        let fault = failure(Class::Transient, Sent::No);
        check(&fault, During::Commit, 1, &Decision::Retry(NOW + Span::from_minutes(1)));
        check(&fault, During::Step, 2, &Decision::Retry(NOW + Span::from_minutes(5)));
        let text = "It did not work. 3 attempts were made; retry it later.".to_owned();
        check(&fault, During::Step, 3, &Decision::Fail(FailureCode::AttemptsExhausted, text));
    }

    #[test]
    fn a_rate_limit_waits_for_the_platforms_own_time() {
        let until = NOW + Span::from_minutes(15);
        let limited = failure(Class::RateLimited { until: Some(until) }, Sent::Answered);
        check(&limited, During::Commit, 3, &Decision::WaitUntil(until));
        let unnamed = failure(Class::RateLimited { until: None }, Sent::Answered);
        check(&unnamed, During::Step, 1, &Decision::WaitUntil(NOW + UNNAMED_LIMIT));
    }

    #[test]
    fn only_a_wait_that_the_platform_named_is_made_longer() {
        let soon = NOW + Span::from_millis(10);
        let told = failure(Class::RateLimited { until: Some(soon) }, Sent::Answered);
        check(&told, During::Step, 1, &Decision::WaitUntil(NOW + SHORTEST_WAIT));
        let known = failure(Class::RateLimited { until: Some(soon) }, Sent::No);
        check(&known, During::Step, 1, &Decision::WaitUntil(soon));
    }

    #[test]
    fn a_quota_that_is_renewed_too_late_fails() {
        let until = Some(NOW + Span::from_days(20));
        let exhausted = failure(Class::QuotaExhausted { until }, Sent::Answered);
        let expect = Decision::Fail(FailureCode::QuotaExhausted, "It did not work.".to_owned());
        check(&exhausted, During::Step, 1, &expect);
    }

    #[test]
    fn a_refusal_is_final() {
        let refused = failure(Class::ContentRejected, Sent::Answered);
        let expect = Decision::Fail(FailureCode::ContentRejected, "It did not work.".to_owned());
        check(&refused, During::Commit, 1, &expect);
    }
}
