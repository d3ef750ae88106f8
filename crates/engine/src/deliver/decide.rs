//! What follows from a receiver's answer.

use domain::Timestamp;
use domain::webhook::DeliveryPolicy;
use net::WebhookAnswer;
use store::AttemptEnd;

/// What follows from an answer at `now` to the try after `tries` earlier ones.
///
/// A receiver that says when it wants to be asked again is asked then, if that is later than our own
/// pause; it gets no more tries for it.
pub(super) fn decide(
    policy: &DeliveryPolicy,
    answer: &WebhookAnswer,
    tries: u32,
    now: Timestamp,
) -> AttemptEnd {
    if answer.problem.is_none() {
        return AttemptEnd::Delivered;
    }
    if answer.status == Some(410) {
        return AttemptEnd::Gone;
    }
    let Some(pause) = policy.pause_after(tries.saturating_add(1)) else { return AttemptEnd::Dead };
    let ours = now + pause;
    let wanted = answer.retry_at.filter(|_| matches!(answer.status, Some(429 | 503)));
    let latest = now + policy.longest_wait;
    AttemptEnd::RetryAt(wanted.map_or(ours, |wanted| wanted.min(latest).max(ours)))
}

#[cfg(test)]
mod tests {
    use domain::Span;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn check(status: Option<u16>, retry_in: Option<Span>, tries: u32, expected: AttemptEnd) {
        let is_good = status.is_some_and(|status| (200..300).contains(&status));
        let answer = WebhookAnswer {
            status,
            retry_at: retry_in.map(|span| NOW + span),
            duration: Span::ZERO,
            problem: (!is_good).then(|| "a problem".to_owned()),
        };
        assert_eq!(decide(&DeliveryPolicy::default(), &answer, tries, NOW), expected, "{answer:?}");
    }

    #[test]
    fn each_answer_has_its_consequence() {
        let again = |span| AttemptEnd::RetryAt(NOW + span);
        let (minute, hour) = (Span::from_minutes(1), Span::from_hours(1));
        check(Some(200), None, 0, AttemptEnd::Delivered);
        check(Some(204), None, 5, AttemptEnd::Delivered);
        check(Some(500), None, 0, again(minute));
        check(None, None, 1, again(Span::from_minutes(5)));
        check(Some(302), None, 4, again(Span::from_hours(6)));
        check(Some(302), None, 6, again(Span::from_hours(12)));
        check(Some(404), None, 7, AttemptEnd::Dead);
        check(Some(410), None, 0, AttemptEnd::Gone);
        check(Some(429), Some(hour), 0, again(hour));
        check(Some(503), Some(hour), 0, again(hour));
        check(Some(500), Some(hour), 0, again(minute));
        check(Some(429), Some(Span::from_seconds(5)), 0, again(minute));
        check(Some(429), Some(Span::from_days(9)), 0, again(Span::from_hours(24)));
        check(Some(429), Some(hour), 7, AttemptEnd::Dead);
    }
}
