//! The table of a run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::audit::Verdicts;
use crate::faults::Tally;
use crate::havoc::Done;

/// What happened with one store.
pub(crate) struct Outcome {
    pub(crate) store: &'static str,
    pub(crate) verdicts: Verdicts,
    pub(crate) done: Done,
    pub(crate) faults: BTreeMap<String, Tally>,
    /// How calls of `POST /posts` were answered.
    pub(crate) answers: BTreeMap<String, usize>,
    pub(crate) cuts: u32,
    /// How often programs ended by themselves.
    pub(crate) ended_alone: BTreeMap<String, u32>,
    pub(crate) seconds: i64,
}

/// All runs side by side, in Markdown.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let mut text = String::from("| |");
    for outcome in outcomes {
        let _ = write!(text, " {} |", outcome.store);
    }
    text.push_str("\n|---|");
    for _ in outcomes {
        text.push_str("---|");
    }
    for (name, cell) in rows() {
        let _ = write!(text, "\n| {name} |");
        for outcome in outcomes {
            let _ = write!(text, " {} |", cell(outcome));
        }
    }
    text.push('\n');
    text
}

type Cell = fn(&Outcome) -> String;

fn rows() -> [(&'static str, Cell); 15] {
    [
        ("destinations accepted", |one| {
            let verdicts = &one.verdicts;
            format!("{} ({} of them found after a lost answer)", verdicts.accepted, verdicts.found_later)
        }),
        ("kill -9", |one| {
            let sum: usize = one.done.kills.values().sum();
            format!("{sum} ({})", list(&one.done.kills))
        }),
        ("frozen workers", |one| one.done.freezes.to_string()),
        ("full disks", |one| one.done.full_disks.to_string()),
        ("connections cut", |one| format!("{} ({} storms)", one.cuts, one.done.storms)),
        ("faults that hit", |one| {
            let hits: Vec<String> =
                one.faults.iter().map(|(kind, tally)| format!("{kind} {}", tally.hit)).collect();
            let armed: u64 = one.faults.values().map(|tally| tally.armed).sum();
            format!("{} ({armed} were armed)", hits.join(", "))
        }),
        ("answers to POST /posts", |one| list(&one.answers)),
        ("ended by themselves", |one| list(&one.ended_alone)),
        ("published", |one| one.verdicts.published.to_string()),
        ("failed with a reason", |one| {
            let verdicts = &one.verdicts;
            let sum: usize = verdicts.failed.values().sum();
            let broken = verdicts.broken_off;
            format!("{sum} ({}; {broken} threads broken off)", list(&verdicts.failed))
        }),
        ("UNKNOWN, where nobody can know", |one| {
            let sum: usize = one.verdicts.unknown.values().sum();
            format!("{sum} ({})", list(&one.verdicts.unknown))
        }),
        ("UNKNOWN without reason", |one| one.verdicts.unknown_without_reason.len().to_string()),
        ("LOST", |one| one.verdicts.lost.len().to_string()),
        ("DUPLICATED", |one| one.verdicts.duplicated.len().to_string()),
        ("WRONG or STRANGE", |one| (one.verdicts.wrong.len() + one.verdicts.strange.len()).to_string()),
    ]
}

fn list<T: std::fmt::Display>(counts: &BTreeMap<String, T>) -> String {
    let parts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
