//! How figures are shown.

use std::fmt::Write as _;

use anyhow::Result;

use crate::Scale;
use crate::workplace::Workplace;

/// What is aimed at.
pub(crate) enum Goal {
    /// The ratio of figure to baseline.
    RatioAtLeast(f64),
    /// The same, where less is better.
    RatioAtMost(f64),
    /// Nothing: shown to be seen.
    None,
    /// The figure itself, where more is better.
    AtLeast {
        /// As measured.
        figure: f64,
        /// What it should reach.
        limit: f64,
        /// Of both.
        unit: &'static str,
    },
    /// The figure itself.
    Below {
        /// As measured.
        figure: f64,
        /// What it should stay under.
        limit: f64,
        /// Of both.
        unit: &'static str,
    },
}

/// A figure and how it was taken.
pub(crate) struct Entry {
    pub(crate) what: String,
    pub(crate) figure: String,
    pub(crate) baseline: String,
    pub(crate) ratio: Option<f64>,
    pub(crate) goal: Goal,
    pub(crate) method: String,
    pub(crate) notes: Vec<String>,
}

/// The figures of a run.
pub(crate) struct Report {
    entries: Vec<Entry>,
}

impl Report {
    /// Says where and on what it is measured.
    pub(crate) fn new(workplace: &Workplace, scale: Scale) -> Result<Self> {
        let cores = std::thread::available_parallelism()?;
        let sync_ms = workplace.sync_ms()?;
        println!("{cores} processors; a durable write of 4 KiB takes {sync_ms:.2} ms in {}", {
            workplace.root().parent().unwrap_or(workplace.root()).display()
        });
        if let Some(load) = load_average() {
            println!(
                "Load average {load} (a build just before counts): whatever else runs lowers the figures."
            );
        }
        if cfg!(debug_assertions) {
            println!("THIS IS A DEBUG BUILD: use `cargo xtask bench`.");
        }
        if scale.rounds == 1 {
            println!("One short round: shows that everything runs; the figures mean little.");
        }
        Ok(Self { entries: Vec::new() })
    }

    /// Adds a figure and shows how it was taken.
    pub(crate) fn add(&mut self, entry: Entry) {
        println!("\n{}\n  {}", entry.what, entry.method);
        for note in &entry.notes {
            println!("  {note}");
        }
        println!("  -> {} (baseline {})", entry.figure, entry.baseline);
        self.entries.push(entry);
    }

    /// All figures as a table.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        let width = self.entries.iter().map(|entry| entry.what.chars().count()).max().unwrap_or(0);
        let mut row = |cells: [&str; 6]| {
            let [what, figure, baseline, ratio, target, reached] = cells;
            let _ = writeln!(
                text,
                "{what:<width$} {figure:>22} {baseline:>12} {ratio:>8} {target:>12}  {reached}"
            );
        };
        row(["", "figure", "baseline", "ratio", "target", ""]);
        for entry in &self.entries {
            let ratio = entry.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
            let (target, reached) = entry.standing();
            row([&entry.what, &entry.figure, &entry.baseline, &ratio, &target, reached]);
        }
        format!("\n{text}")
    }
}

impl Entry {
    fn standing(&self) -> (String, &'static str) {
        let (target, reached) = match self.goal {
            Goal::RatioAtLeast(least) => {
                (format!(">= {least:.2}"), self.ratio.is_some_and(|ratio| ratio >= least))
            }
            Goal::RatioAtMost(most) => {
                (format!("<= {most:.2}"), self.ratio.is_some_and(|ratio| ratio <= most))
            }
            Goal::None => return ("-".to_owned(), ""),
            Goal::AtLeast { figure, limit, unit } => (format!(">= {limit:.0} {unit}"), figure >= limit),
            Goal::Below { figure, limit, unit } => (format!("< {limit:.0} {unit}"), figure < limit),
        };
        (target, if reached { "reached" } else { "MISSED" })
    }
}

/// The load average of the last minute, if it tells of more than this program.
fn load_average() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok().filter(|load| *load > 1.0)
}
