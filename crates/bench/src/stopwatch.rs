//! The one place that reads the machine's clock: to measure is what this program is for.

use std::time::{Duration, Instant};

/// The present moment.
pub(crate) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    Instant::now()
}

/// The middle value; of an even number, the upper of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The times that so many of 100 are within, in milliseconds.
pub(crate) fn percentiles_ms<const N: usize>(times: &mut [Duration], shares: [usize; N]) -> [f64; N] {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    shares.map(|share| times.get((times.len() * share / 100).min(last)).map_or(f64::NAN, |time| as_ms(*time)))
}

/// As milliseconds.
pub(crate) fn as_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median of each round's ratio: a machine that slows down for a while slows both sides.
pub(crate) fn median_ratio(figures: &[f64], baselines: &[f64]) -> f64 {
    median(figures.iter().zip(baselines).map(|(figure, baseline)| figure / baseline).collect())
}
