//! What came of a run, and of many.

use std::fmt;

use domain::Timestamp;

use crate::run::{Options, run};
use crate::stage::START;
use crate::workplace::Workplace;
use store::PlantedBug;

/// A line of a run's trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// True time.
    pub at: Timestamp,
    /// Who did it.
    pub who: String,
    /// What.
    pub what: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.at.since(START).as_micros();
        write!(f, "{:>6}.{:06} {:<16} {}", micros / 1_000_000, micros % 1_000_000, self.who, self.what)
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its seed.
    pub seed: u64,
    /// What did not hold, if something did not.
    pub violation: Option<String>,
    /// Everything that happened.
    pub trace: Vec<Line>,
    /// How many parts of posts are public in the end.
    pub published: usize,
}

impl Report {
    /// The last lines before the end.
    pub fn tail(&self, lines: usize) -> &[Line] {
        self.trace.get(self.trace.len().saturating_sub(lines)..).unwrap_or_default()
    }
}

/// How many lines of a trace are shown of a run that failed.
const TAIL: usize = 60;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, violation, .. } = self;
        match violation {
            None => write!(f, "seed {seed}: everything holds"),
            Some(violation) => {
                for line in self.tail(TAIL) {
                    writeln!(f, "{line}")?;
                }
                writeln!(f, "seed {seed}: {violation}")?;
                write!(f, "replay: cargo run -p fanfare-simulation -- --seed {seed} --trace")
            }
        }
    }
}

/// What came of many runs.
#[derive(Clone, Debug)]
pub struct Search {
    /// How many runs there were.
    pub runs: u64,
    /// How many parts of posts were published in them.
    pub published: usize,
    /// The first run in which something did not hold.
    pub failed: Option<Report>,
}

/// Runs these seeds until one fails.
///
/// # Errors
/// When a run cannot be set up.
pub fn search(seeds: impl IntoIterator<Item = u64>, bug: Option<PlantedBug>) -> anyhow::Result<Search> {
    let workplace = Workplace::new()?;
    let mut search = Search { runs: 0, published: 0, failed: None };
    for seed in seeds {
        let report = run(&workplace, Options { seed, bug })?;
        search.runs += 1;
        search.published += report.published;
        if report.violation.is_some() {
            search.failed = Some(report);
            break;
        }
    }
    Ok(search)
}
