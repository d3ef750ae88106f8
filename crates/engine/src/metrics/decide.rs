//! What follows from a reading, or from one that failed. Pure, and the only place that decides it.

use connector::{Failure, PostReading};
use domain::metrics::{FOLLOWERS_EVERY, Figures, READINGS, ReadingEnd, reading_at, reading_due};
use domain::{Class, Span, Timestamp};
use store::{DuePost, NewFollowers, NewPostReading};

/// A reading that failed is tried again after these pauses, each longer than the last; then it is left
/// out.
const PAUSES: [Span; 4] =
    [Span::from_minutes(15), Span::from_minutes(30), Span::from_hours(1), Span::from_hours(2)];
/// How long to wait when a platform limits calls and does not say until when.
const UNNAMED_LIMIT: Span = Span::from_minutes(15);
/// Limits that a platform names are believed for so long.
const LONGEST_LIMIT: Span = Span::from_hours(24);

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then<T> {
    /// This is written down, and the lane goes on.
    Write(T),
    /// The credentials are renewed and the same is asked again.
    Renew,
    /// The account rests until then.
    Rest(Timestamp),
    /// The whole platform does: all its accounts share what is used up.
    RestAll(Timestamp),
}

/// What follows for a post.
pub(super) fn of_post(
    post: &DuePost,
    outcome: Result<PostReading, &Failure>,
    now: Timestamp,
) -> Then<NewPostReading> {
    // What comes late counts as the latest reading whose time has come.
    let step = reading_due(post.published_at, now).unwrap_or(post.step).max(post.step);
    match outcome {
        Ok(PostReading::Read(figures)) => Then::Write(taken(post, step, figures)),
        Ok(PostReading::Gone) => Then::Write(ended(post, ReadingEnd::PostGone, None)),
        Err(failure) => match failing(failure, now) {
            Failing::Renew => Then::Renew,
            Failing::Rest(until) => Then::Rest(until),
            Failing::RestAll(until) => Then::RestAll(until),
            Failing::Refused => {
                Then::Write(ended(post, ReadingEnd::PermissionMissing, Some(failure.public.clone())))
            }
            Failing::Again => Then::Write(again(post, step, failure, now)),
        },
    }
}

/// What follows for the followers that were due at `due` and failed `failures` times before.
pub(super) fn of_followers(
    due: Timestamp,
    failures: u32,
    outcome: Result<Option<i64>, &Failure>,
    now: Timestamp,
) -> Then<NewFollowers> {
    // After a long pause the round begins anew.
    let in_turn = Some(due + FOLLOWERS_EVERY).filter(|at| *at > now);
    let next = Some(in_turn.unwrap_or(now + FOLLOWERS_EVERY));
    let write = |followers, failures, at| Then::Write(NewFollowers { followers, failures, at, ended: None });
    match outcome {
        Ok(followers) => write(followers, 0, next),
        Err(failure) => match failing(failure, now) {
            Failing::Renew => Then::Renew,
            Failing::Rest(until) => Then::Rest(until),
            Failing::RestAll(until) => Then::RestAll(until),
            Failing::Refused => {
                let ended = Some(ReadingEnd::PermissionMissing);
                Then::Write(NewFollowers { followers: None, failures: 0, at: None, ended })
            }
            Failing::Again => match pause(failures) {
                Some(pause) => write(None, failures + 1, Some(now + pause)),
                None => write(None, 0, next),
            },
        },
    }
}

/// A post that is not read any more.
pub(super) fn ended(post: &DuePost, end: ReadingEnd, detail: Option<String>) -> NewPostReading {
    NewPostReading {
        destination_id: post.destination_id,
        read: None,
        step: post.step,
        failures: 0,
        read_at: None,
        ended: Some(end),
        detail,
    }
}

fn taken(post: &DuePost, step: usize, figures: Figures) -> NewPostReading {
    let read_at = reading_at(post.published_at, step + 1);
    NewPostReading {
        destination_id: post.destination_id,
        read: Some((step, figures)),
        step: step + 1,
        failures: 0,
        read_at,
        ended: read_at.is_none().then_some(ReadingEnd::Complete),
        detail: None,
    }
}

fn again(post: &DuePost, step: usize, failure: &Failure, now: Timestamp) -> NewPostReading {
    // A later reading begins with its own tries.
    let failures = if step == post.step { post.failures } else { 0 };
    let next = reading_at(post.published_at, step + 1);
    let (step, failures, read_at) = match pause(failures) {
        Some(pause) => (step, failures + 1, Some(next.map_or(now + pause, |next| next.min(now + pause)))),
        None => (step + 1, 0, next),
    };
    let ended = (read_at.is_none() && step >= READINGS.len()).then_some(ReadingEnd::Unreadable);
    NewPostReading {
        destination_id: post.destination_id,
        read: None,
        step,
        failures,
        read_at,
        ended,
        detail: Some(failure.public.clone()),
    }
}

fn pause(failures: u32) -> Option<Span> {
    PAUSES.get(usize::try_from(failures).unwrap_or(usize::MAX)).copied()
}

enum Failing {
    Renew,
    Rest(Timestamp),
    RestAll(Timestamp),
    Refused,
    Again,
}

fn failing(failure: &Failure, now: Timestamp) -> Failing {
    let until = |named: Option<Timestamp>| {
        named.unwrap_or(now + UNNAMED_LIMIT).max(now + Span::from_minutes(1)).min(now + LONGEST_LIMIT)
    };
    match &failure.class {
        Class::TokenExpired => Failing::Renew,
        Class::PermissionMissing => Failing::Refused,
        Class::RateLimited { until: named } => Failing::Rest(until(*named)),
        Class::QuotaExhausted { until: named } => Failing::RestAll(until(*named)),
        Class::ContentRejected
        | Class::Duplicate { .. }
        | Class::MediaFailed
        | Class::AccountRestricted
        | Class::Transient
        | Class::Ambiguous => Failing::Again,
    }
}

#[cfg(test)]
mod tests {
    use domain::DestinationId;

    use super::*;

    const LIVE: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn post(step: usize, failures: u32) -> DuePost {
        DuePost {
            destination_id: DestinationId(uuid::Uuid::nil()),
            published_at: LIVE,
            step,
            failures,
            platform_post_id: "1".into(),
            platform_post_url: String::new(),
        }
    }

    fn written(then: Then<NewPostReading>) -> NewPostReading {
        match then {
            Then::Write(new) => new,
            other => panic!("{other:?}"),
        }
    }

    fn failed(class: Class) -> Failure {
        Failure::before_sending(class, "It did not work.")
    }

    #[test]
    fn a_reading_leads_to_the_next_and_the_last_to_the_end() {
        let figures = Figures { likes: Some(2), ..Figures::default() };
        let now = LIVE + Span::from_minutes(61);
        let first = written(of_post(&post(0, 2), Ok(PostReading::Read(figures)), now));
        assert_eq!((first.read, first.step, first.failures), (Some((0, figures)), 1, 0));
        assert_eq!((first.read_at, first.ended), (Some(LIVE + Span::from_hours(6)), None));
        let late = written(of_post(&post(1, 0), Ok(PostReading::Read(figures)), LIVE + Span::from_days(5)));
        assert_eq!((late.read, late.step), (Some((4, figures)), 5), "the readings between are left out");
        let last = written(of_post(&post(7, 0), Ok(PostReading::Read(figures)), LIVE + Span::from_days(31)));
        assert_eq!((last.read_at, last.ended), (None, Some(ReadingEnd::Complete)));
    }

    #[test]
    fn what_is_gone_or_refused_ends() {
        let now = LIVE + Span::from_hours(7);
        let gone = written(of_post(&post(1, 0), Ok(PostReading::Gone), now));
        assert_eq!((gone.read_at, gone.ended), (None, Some(ReadingEnd::PostGone)));
        let refused = written(of_post(&post(1, 0), Err(&failed(Class::PermissionMissing)), now));
        assert_eq!((refused.read_at, refused.ended), (None, Some(ReadingEnd::PermissionMissing)));
        assert_eq!(refused.detail.as_deref(), Some("It did not work."));
    }

    #[test]
    fn a_passing_fault_is_tried_again_and_then_left_out() {
        let fault = failed(Class::Transient);
        let now = LIVE + Span::from_hours(1);
        let mut at = now;
        let mut due = post(0, 0);
        for pause in PAUSES {
            let new = written(of_post(&due, Err(&fault), at));
            assert_eq!((new.step, new.read_at, new.ended), (0, Some(at + pause), None));
            due.failures = new.failures;
            at = at + pause;
        }
        let left_out = written(of_post(&due, Err(&fault), at));
        assert_eq!((left_out.step, left_out.read_at), (1, Some(LIVE + Span::from_hours(6))));
        let end = written(of_post(&post(7, 4), Err(&fault), LIVE + Span::from_days(31)));
        assert_eq!((end.read_at, end.ended), (None, Some(ReadingEnd::Unreadable)));
    }

    #[test]
    fn limits_put_off_the_account_or_the_platform() {
        let now = LIVE + Span::from_hours(1);
        let until = now + Span::from_minutes(20);
        let limited = failed(Class::RateLimited { until: Some(until) });
        assert_eq!(of_post(&post(0, 0), Err(&limited), now), Then::Rest(until));
        let exhausted = failed(Class::QuotaExhausted { until: Some(now + Span::from_days(9)) });
        assert_eq!(of_post(&post(0, 0), Err(&exhausted), now), Then::RestAll(now + LONGEST_LIMIT));
        assert_eq!(of_post(&post(0, 0), Err(&failed(Class::TokenExpired)), now), Then::Renew);
    }

    #[test]
    fn followers_are_counted_a_day_after_they_were_due() {
        let followers = |outcome, now| match of_followers(LIVE, 0, outcome, now) {
            Then::Write(new) => new,
            other => panic!("{other:?}"),
        };
        let counted = followers(Ok(Some(7)), LIVE + Span::from_minutes(3));
        assert_eq!((counted.followers, counted.at), (Some(7), Some(LIVE + Span::from_days(1))));
        let late = LIVE + Span::from_days(9);
        assert_eq!(followers(Ok(None), late).at, Some(late + Span::from_days(1)));
        let refused = followers(Err(&failed(Class::PermissionMissing)), LIVE);
        assert_eq!((refused.at, refused.ended), (None, Some(ReadingEnd::PermissionMissing)));
    }
}
