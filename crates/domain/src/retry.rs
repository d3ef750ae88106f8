//! When a destination is tried again after a passing fault.

use crate::Span;

/// How often and how long after one another automatic attempts are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Pauses between attempts; their number plus one is the number of attempts.
    pub pauses: Vec<Span>,
    /// How long waiting for a platform's rate limit may last in all, from the scheduled time.
    pub give_up_waiting_after: Span,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            pauses: vec![Span::from_minutes(1), Span::from_minutes(5)],
            give_up_waiting_after: Span::from_days(2),
        }
    }
}

impl RetryPolicy {
    /// The pause before the next attempt after `attempts` made ones, or `None` when no attempt is
    /// left. `jitter` is a random share in 0.0..1.0 and lengthens the pause by up to a tenth, so
    /// that many destinations that failed together do not come back together.
    pub fn pause_after(&self, attempts: u32, jitter: f64) -> Option<Span> {
        let pause = *self.pauses.get(usize::try_from(attempts.max(1)).ok()? - 1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "a tenth of minutes"
        )]
        let extra = (pause.as_micros() as f64 * 0.1 * jitter.clamp(0.0, 1.0)) as i64;
        Some(Span::from_micros(pause.as_micros() + extra))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_attempts_one_and_five_minutes_apart() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.pause_after(1, 0.0), Some(Span::from_minutes(1)));
        assert_eq!(policy.pause_after(2, 0.0), Some(Span::from_minutes(5)));
        assert_eq!(policy.pause_after(3, 0.0), None);
    }

    proptest::proptest! {
        #[test]
        fn jitter_only_lengthens_and_by_a_tenth_at_most(jitter in 0.0f64..1.0) {
            let pause = RetryPolicy::default().pause_after(1, jitter).unwrap();
            proptest::prop_assert!(pause >= Span::from_minutes(1));
            proptest::prop_assert!(pause <= Span::from_seconds(66));
        }
    }
}
