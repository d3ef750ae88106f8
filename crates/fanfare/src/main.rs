//! Fanfare: one API call publishes a post to every connected social account, exactly once.
//!
//! The command line, the configuration and the wiring; the only crate that sees all the others.

mod account_file;
mod archive;
mod commands;
mod config;
mod data_dir;
mod listen;
mod observe;
mod output;
mod remote;
mod roles;
mod server;
mod traces;
mod travel;
mod wiring;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::EnvFilter;

use config::{Config, LogFormat, Secret};

/// Self-hosted social publishing: one call, every account, exactly once.
#[derive(Parser)]
#[command(
    name = "fanfare",
    version,
    about = "Self-hosted social publishing: one call, every account, exactly once."
)]
struct Cli {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "FANFARE_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database, the media files and the encryption key. `demo` and `sandbox` leave
    /// nothing behind without it.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// A PostgreSQL database in place of the SQLite file, such as postgres://fanfare@db/fanfare.
    #[arg(long, global = true, value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// A bucket for the media files, such as s3://media/fanfare?region=eu-central-1.
    #[arg(long, global = true, value_name = "URL")]
    media_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try it: server, sandbox and a seeded organization in one.
    Demo(commands::demo::Options),
    /// Run the server.
    Serve(commands::serve::Options),
    /// Run the emulated platforms alone, or steer the time of a running sandbox.
    Sandbox(commands::sandbox::Options),
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Make and list organizations.
    #[command(subcommand)]
    Org(commands::org::Command),
    /// Make and list people who sign in, and set their passwords.
    #[command(subcommand)]
    User(commands::user::Command),
    /// Connect accounts whose tokens you have.
    #[command(subcommand)]
    Account(commands::account::Command),
    /// Set, list and remove the apps that are registered with platforms.
    #[command(subcommand)]
    App(commands::app::Command),
    /// Let a device in that shows a code, or turn it away.
    #[command(subcommand)]
    Device(commands::device::Command),
    /// Put files into the media library.
    #[command(subcommand)]
    Media(commands::media::Command),
    /// Make posts of a file (CSV, an export, posts of Postiz or Mixpost) on a running server.
    Import(commands::import::Options),
    /// Save the database and the media files; the server may go on running.
    Backup(commands::backup::Options),
    /// Put a backup into an empty data folder or database.
    Restore(commands::restore::Options),
    /// Move from SQLite to PostgreSQL, or back.
    Migrate(commands::migrate::Options),
    /// Look for what would go wrong.
    Doctor,
    /// Show how posts and accounts do, on the server that FANFARE_URL names, with FANFARE_API_KEY.
    Analytics(commands::analytics::Options),
    /// Serve tools for language models over standard input and output.
    Mcp,
    /// Print the OpenAPI document.
    Openapi,
    /// Work with the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Read the configuration and say what is wrong with it.
    Check,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let text = format!("{error:#}");
            // Some causes end with a line break of their own.
            let _ = writeln!(std::io::stderr(), "fanfare: {}", text.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<()> {
    let mut config = Config::load(cli.config.as_deref())?;
    if let Some(folder) = &cli.data_dir {
        config.data_dir.clone_from(folder);
    }
    if let Some(url) = cli.database_url {
        config.database_url = Secret(url);
    }
    if let Some(url) = cli.media_url {
        config.media_url = url;
    }
    let config = match &cli.command {
        // It says itself what it uses of the configuration.
        Command::Serve(_) => config,
        _ => config.checked()?,
    };
    // Before the runtime: the exporter's own HTTP client must not be made on it.
    let traces = start_log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    let outcome = runtime.block_on(Box::pin(run(cli.command, cli.data_dir, config)));
    if let Some(traces) = traces {
        traces::flush(&traces);
    }
    outcome
}

async fn run(command: Command, data_dir: Option<PathBuf>, config: Config) -> Result<()> {
    match command {
        Command::Demo(options) => commands::demo::run(options, data_dir, config).await,
        Command::Serve(options) => commands::serve::run(options, config).await,
        Command::Sandbox(options) => commands::sandbox::run(options, data_dir, &config).await,
        Command::Key(command) => commands::key::run(command, &config).await,
        Command::Org(command) => commands::org::run(command, &config).await,
        Command::User(command) => commands::user::run(command, &config).await,
        Command::Account(command) => commands::account::run(command, &config).await,
        Command::App(command) => commands::app::run(command, &config).await,
        Command::Device(command) => commands::device::run(command, &config).await,
        Command::Media(command) => commands::media::run(command, &config).await,
        Command::Import(options) => commands::import::run(options).await,
        Command::Backup(options) => commands::backup::run(options, &config).await,
        Command::Restore(options) => commands::restore::run(options, &config).await,
        Command::Migrate(options) => commands::migrate::run(options, &config).await,
        Command::Doctor => commands::doctor::run(&config).await,
        Command::Analytics(options) => commands::analytics::run(options).await,
        Command::Mcp => commands::mcp::run().await,
        Command::Openapi => output::line(&serde_json::to_string_pretty(&api::openapi())?),
        Command::Config(ConfigCommand::Check) => {
            output::line(&format!("The configuration is good:\n{config:#?}"))
        }
    }
}

fn start_log(config: &Config) -> Result<Option<SdkTracerProvider>> {
    let filter = EnvFilter::try_new(&config.log).context("log is not a log filter")?;
    // "already exists, skipping" at every start says nothing.
    let filter = filter.add_directive("sqlx::postgres::notice=warn".parse().context("log filter")?);
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    if let Some(traces) = traces::start(config)? {
        traces::start_log(&traces, filter, colours, config.log_format);
        return Ok(Some(traces));
    }
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(None)
}
