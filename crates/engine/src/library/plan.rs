//! What follows from a try in vain. Pure.

use domain::Span;

/// Pauses between tries; their number plus one is the number of tries in a row that bring nothing.
const PAUSES: [Span; 5] = [
    Span::from_seconds(10),
    Span::from_minutes(1),
    Span::from_minutes(5),
    Span::from_minutes(15),
    Span::from_hours(1),
];

/// How long to wait after so many tries in vain before this one; `None` when it was the last.
pub(super) fn pause_after(tries: i64) -> Option<Span> {
    usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_tries_are_made_within_an_hour_and_a_half() {
        let pauses: Vec<Span> = (0..10).map_while(pause_after).collect();
        assert_eq!(pauses.len(), 5);
        let seconds: i64 = pauses.iter().map(|pause| pause.as_seconds_ceil()).sum();
        assert!((3_600..5_400).contains(&seconds), "{seconds}");
        assert_eq!(pause_after(-1), None);
    }
}
