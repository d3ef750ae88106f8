//! What the program is asked for on its command line.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};

use crate::database::Kind;

/// How to call it.
const USE: &str = "use: bench [--smoke] [--only NAME[,NAME]] [--on sqlite|postgresql] [--capacity N] [--peers], \
                   or bench --help";

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Accounts,
    Posts,
    Idle,
    Start,
    Burst,
    Steady,
    Growth,
    Webhooks,
    Media,
}

impl Name {
    /// In the order in which they are taken.
    const ALL: [Self; 9] = [
        Self::Accounts,
        Self::Posts,
        Self::Idle,
        Self::Start,
        Self::Burst,
        Self::Steady,
        Self::Growth,
        Self::Webhooks,
        Self::Media,
    ];

    /// As it is written on the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Posts => "posts",
            Self::Idle => "idle",
            Self::Start => "start",
            Self::Burst => "burst",
            Self::Steady => "steady",
            Self::Growth => "growth",
            Self::Webhooks => "webhooks",
            Self::Media => "media",
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Accounts => "GET /accounts a second, next to a bare handler that reads the same rows",
            Self::Posts => "POST /posts a second, next to a loop that commits the same rows",
            Self::Idle => "the memory of a server that has nothing to do",
            Self::Start => "the time from the start of the process to its first answer",
            Self::Burst => "100,000 posts due at one moment, to the sandbox's X, to a sink and to nothing",
            Self::Steady => "the latency of POST /posts at 500 posts a second that are published meanwhile",
            Self::Webhooks => "deliveries to 100 webhooks, and to 99 beside one that never answers",
            Self::Media => "the memory of a server through which a video of 2 GB goes, on disk and on S3",
            Self::Growth => "lists, claims and health queries at 10,000, 1,000,000 and 5,000,000 posts",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What the program can do.
    Help,
    /// To measure.
    Measure {
        /// Small and short.
        smoke: bool,
        /// What to measure, in the order of [`Name::ALL`].
        names: Vec<Name>,
        /// On which databases, where it is measured on each.
        kinds: Vec<Kind>,
        /// How many destinations the burst's engine has room for, if not as many as usual.
        capacity: Option<u32>,
        /// Whether to measure other job queues beside the burst.
        peers: bool,
    },
}

impl Asked {
    /// Reads the command line.
    pub(crate) fn read(words: &[&str]) -> Result<Self> {
        let (mut smoke, mut peers, mut only, mut kinds) = (false, false, None, Kind::ALL.to_vec());
        let mut capacity = None;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--help" | "-h" => return Ok(Self::Help),
                "--smoke" => smoke = true,
                "--peers" => peers = true,
                "--only" => only = Some(*words.next().context("--only needs the name of a measurement")?),
                "--on" => kinds = vec![kind(words.next().context("--on needs the name of a database")?)?],
                "--capacity" => capacity = Some(count(words.next().context("--capacity needs a number")?)?),
                _ => match word.split_once('=') {
                    Some(("--only", names)) => only = Some(names),
                    Some(("--on", name)) => kinds = vec![kind(name)?],
                    Some(("--capacity", number)) => capacity = Some(count(number)?),
                    _ => bail!("{word} is unknown; {USE}"),
                },
            }
        }
        let names = match only {
            Some(only) => select(only)?,
            None => Name::ALL.to_vec(),
        };
        if peers && !names.contains(&Name::Burst) {
            bail!("--peers are measured beside the burst: add burst to --only");
        }
        if capacity.is_some() && !names.contains(&Name::Burst) {
            bail!("--capacity is for the burst: add burst to --only");
        }
        if peers && !kinds.contains(&Kind::Postgres) {
            bail!("--peers are measured on PostgreSQL: leave --on away");
        }
        Ok(Self::Measure { smoke, names, kinds, capacity, peers })
    }
}

fn count(number: &str) -> Result<u32> {
    match number.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => bail!("{number:?} is no number of destinations"),
    }
}

fn kind(name: &str) -> Result<Kind> {
    let is_meant = |kind: &Kind| kind.name().eq_ignore_ascii_case(name);
    Kind::ALL
        .into_iter()
        .find(is_meant)
        .with_context(|| format!("{name:?} is no database: sqlite, postgresql"))
}

fn select(only: &str) -> Result<Vec<Name>> {
    let asked: Vec<&str> = only.split(',').map(str::trim).collect();
    let known = |word: &&&str| Name::ALL.iter().any(|name| name.word() == **word);
    if let Some(unknown) = asked.iter().find(|word| !known(word)) {
        let words: Vec<&str> = Name::ALL.iter().map(|name| name.word()).collect();
        bail!("{unknown:?} is no measurement; there are {}", words.join(", "));
    }
    Ok(Name::ALL.into_iter().filter(|name| asked.contains(&name.word())).collect())
}

/// What the program can do.
pub(crate) fn help() -> String {
    let mut text = format!("{USE}\n\nMeasurements, in this order:\n");
    for name in Name::ALL {
        let _ = writeln!(text, "  {:<10}{}", name.word(), name.meaning());
    }
    text.push_str(
        "\n  --smoke    small and short: shows that everything runs, the figures mean little\n  \
           --only     these measurements and no others\n  \
           --on       sqlite or postgresql, where something is measured on both\n  \
           --capacity how many destinations the burst's engine has room for, as engine.capacity\n  \
           --peers    beside the burst to nothing on PostgreSQL: pg-boss and graphile-worker with as many\n             \
           empty jobs, on the same server (needs Node.js; cargo xtask bench installs them)\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_words_everything_is_measured_in_full() {
        let names = Name::ALL.to_vec();
        assert_eq!(
            Asked::read(&[]).unwrap(),
            Asked::Measure { smoke: false, names, kinds: Kind::ALL.to_vec(), capacity: None, peers: false }
        );
    }

    #[test]
    fn the_names_are_taken_in_the_order_of_the_program() {
        let asked = Asked::read(&["--smoke", "--only", "growth,burst", "--peers"]).unwrap();
        let names = vec![Name::Burst, Name::Growth];
        let kinds = Kind::ALL.to_vec();
        assert_eq!(asked, Asked::Measure { smoke: true, names, kinds, capacity: None, peers: true });
    }

    #[test]
    fn one_database_is_measured_on_alone() {
        for words in [&["--only=burst", "--on", "sqlite"][..], &["--only=burst", "--on=SQLite"]] {
            let (names, kinds) = (vec![Name::Burst], vec![Kind::Sqlite]);
            let expect = Asked::Measure { smoke: false, names, kinds, capacity: None, peers: false };
            assert_eq!(Asked::read(words).unwrap(), expect);
        }
    }

    #[test]
    fn the_burst_has_room_for_as_many_as_is_asked_for() {
        for words in [&["--only=burst", "--capacity", "128"][..], &["--only=burst", "--capacity=128"]] {
            let Asked::Measure { capacity, .. } = Asked::read(words).unwrap() else { panic!("{words:?}") };
            assert_eq!(capacity, Some(128));
        }
    }

    #[test]
    fn what_is_unknown_or_has_no_effect_is_refused() {
        for words in [
            &["--smok"][..],
            &["--only"],
            &["--only", "bursts"],
            &["--only=idle", "--peers"],
            &["--on", "mysql"],
            &["--on=sqlite", "--peers"],
            &["--capacity"],
            &["--capacity", "0"],
            &["--capacity=many"],
            &["--only=idle", "--capacity=128"],
        ] {
            assert!(Asked::read(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn help_tells_of_every_measurement() {
        let text = help();
        for name in Name::ALL {
            assert!(text.contains(name.word()) && text.contains(name.meaning()), "{name:?}");
        }
    }
}
