//! How long the machine's processors were busy, whoever kept them so: the engine, the database, the other
//! side. What a rate cannot say where all of them share the machine.

use std::fs;

/// Counts from its start on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter(Option<f64>);

impl Meter {
    pub(super) fn start() -> Self {
        Self(busy_seconds())
    }

    /// Microseconds since the start, of all processors together, for each of so many; nothing where the system
    /// does not say it as Linux does.
    pub(super) fn us_each(self, count: usize) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let count = count as f64;
        Some((busy_seconds()? - self.0?) / count * 1e6)
    }
}

fn busy_seconds() -> Option<f64> {
    read(&fs::read_to_string("/proc/stat").ok()?)
}

/// Of all processors: in programs, with and without lower priority, in the system, and in interrupts.
fn read(stat: &str) -> Option<f64> {
    let ticks: Vec<f64> = stat
        .lines()
        .next()?
        .strip_prefix("cpu ")?
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [user, nice, system, _idle, _waiting, interrupts, soft, ..] = ticks.as_slice() else { return None };
    // Linux shows these in hundredths of a second on every machine.
    Some((user + nice + system + interrupts + soft) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_not_being_busy() {
        let stat = "cpu  100 20 30 4000 500 6 7 0 0 0\ncpu0 50 10 15 2000 250 3 3 0 0 0\n";
        assert_eq!(read(stat), Some(1.63));
        assert_eq!(read("cpu  100 20"), None);
        assert_eq!(read("intr 5"), None);
    }
}
