//! What a run is asked to do.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Kills, cuts, fills disks and lets platforms fail, and checks that every post went out once.
#[derive(Parser)]
#[command(name = "chaos")]
pub(crate) struct Options {
    /// A short run that shows that everything holds together.
    #[arg(long)]
    pub(crate) smoke: bool,
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) store: Stores,
    /// Destinations per store; 10000 (250 in a smoke run) if not given.
    #[arg(long)]
    pub(crate) destinations: Option<usize>,
    /// Kills per store; 200 (10 in a smoke run) if not given.
    #[arg(long)]
    pub(crate) kills: Option<usize>,
    /// Repeats a run's choices; what the machine does in between is its own.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// The server's program.
    #[arg(long, default_value = "target/release/fanfare")]
    pub(crate) binary: PathBuf,
    /// Keeps the folder with logs and databases in any case.
    #[arg(long)]
    pub(crate) keep: bool,
}

/// Which databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stores {
    Sqlite,
    Postgres,
    Both,
}

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    Sqlite,
    Postgres,
}

impl StoreKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl Stores {
    pub(crate) fn list(self) -> &'static [StoreKind] {
        match self {
            Self::Sqlite => &[StoreKind::Sqlite],
            Self::Postgres => &[StoreKind::Postgres],
            Self::Both => &[StoreKind::Sqlite, StoreKind::Postgres],
        }
    }
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) destinations: usize,
    pub(crate) kills: usize,
    pub(crate) organizations: usize,
    /// Of each organization on each platform.
    pub(crate) accounts: usize,
    pub(crate) disk_mib: u32,
    /// How far ahead scheduled posts are, at most.
    pub(crate) ahead_s: u64,
    /// Accounts on each platform whose access is withdrawn during the run.
    pub(crate) revocations: usize,
    pub(crate) workers: usize,
}

impl Options {
    pub(crate) fn scale(&self) -> Scale {
        let usual = if self.smoke {
            Scale {
                destinations: 250,
                kills: 10,
                organizations: 2,
                accounts: 3,
                disk_mib: 48,
                ahead_s: 8,
                revocations: 1,
                workers: 2,
            }
        } else {
            Scale {
                destinations: 10_000,
                kills: 200,
                organizations: 4,
                accounts: 8,
                disk_mib: 256,
                ahead_s: 40,
                revocations: 3,
                workers: 3,
            }
        };
        Scale {
            destinations: self.destinations.unwrap_or(usual.destinations),
            kills: self.kills.unwrap_or(usual.kills),
            ..usual
        }
    }
}
