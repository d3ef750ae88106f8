//! `fanfare migrate`: moving an installation between the SQLite file and PostgreSQL.

use anyhow::{Context as _, Result, bail};
use net::{Clock as _, SystemClock};
use store::{Before, Snapshot, TableSum};

use super::restore::holds_organizations;
use crate::config::Config;
use crate::data_dir::{DataDir, sync_folder};
use crate::output;

/// Options of `fanfare migrate`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What the installation is stored in now.
    #[arg(long)]
    from: Kind,
    /// What it is to be stored in. It must hold no organization yet.
    #[arg(long)]
    to: Kind,
}

/// A kind of database: the SQLite file is the one in the data folder, PostgreSQL the one at
/// `--database-url`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// The file in the data folder.
    Sqlite,
    /// The database at --database-url.
    Postgres,
}

pub(crate) async fn run(options: Options, config: &Config) -> Result<()> {
    let url = config.database_url.0.as_str();
    if options.from == options.to {
        bail!("--from and --to are the same; use the database's own tools to copy it");
    }
    if url.is_empty() {
        bail!("name the PostgreSQL database with --database-url");
    }
    let data_dir = DataDir::open(&config.data_dir)?;
    let _lock = data_dir.lock()?;
    let progress = output::Progress::new(false);
    progress.step("Copying the database");
    let (sums, after) = match options.to {
        Kind::Postgres => to_postgres(&data_dir, url).await?,
        Kind::Sqlite => to_sqlite(&data_dir, url).await?,
    };
    progress.done();
    let cells: Vec<Vec<String>> =
        sums.into_iter().map(|sum| vec![sum.name, format!("{} rows", sum.rows)]).collect();
    output::table(&cells)?;
    output::line("Every table was copied, read again and compared.")?;
    output::line(&after)
}

async fn to_postgres(data_dir: &DataDir, url: &str) -> Result<(Vec<TableSum>, String)> {
    let mut snapshot = Snapshot::of_sqlite(&data_dir.database()).await?;
    let sums = snapshot.write_postgres(url, Before::Empty).await?;
    snapshot.close().await?;
    // A server that was started without the address would publish everything a second time.
    let aside = data_dir.set_database_aside(&format!("migrated-{}", SystemClock.now().as_millis()))?;
    let aside = aside.unwrap_or_else(|| data_dir.database());
    let after = format!(
        "The SQLite database is kept in {} and is used no more. Start the server with this data folder, \
         which has the media files and the encryption key, and with the same --database-url.",
        aside.display()
    );
    Ok((sums, after))
}

async fn to_sqlite(data_dir: &DataDir, url: &str) -> Result<(Vec<TableSum>, String)> {
    if holds_organizations(&data_dir.database()).await {
        bail!("{} holds a database with organizations already", data_dir.path().display());
    }
    let mut snapshot = Snapshot::of_postgres(url).await?;
    snapshot.refuse_served().await?;
    let partial = data_dir.path().join("migrate.partial");
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let sums = snapshot.write_sqlite(&partial).await?;
    snapshot.close().await?;
    data_dir.set_database_aside(&format!("replaced-{}", SystemClock.now().as_millis()))?;
    std::fs::rename(&partial, data_dir.database()).context("cannot put the database in place")?;
    sync_folder(data_dir.path())?;
    let after = "The PostgreSQL database still holds everything: never start a server on it again, or \
                 what is scheduled goes out twice. Drop it once the new server runs."
        .to_owned();
    Ok((sums, after))
}
