//! Where the configuration comes from: a file, and the environment over it.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value};

use super::{Config, keys};

/// Variables of the same prefix that are not configuration of the server.
const NOT_CONFIGURATION: [&str; 3] = ["FANFARE_URL", "FANFARE_API_KEY", "FANFARE_CONFIG"];
const PREFIX: &str = "FANFARE_";

/// What `file` says, if there is one, and the environment over it.
pub(super) fn read_all(file: Option<&Path>) -> Result<Config> {
    let mut table = match file {
        None => Table::new(),
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the configuration file {}", path.display()))?
            .parse::<Table>()
            .with_context(|| format!("{} is not valid TOML", path.display()))?,
    };
    let variables = environment();
    for (name, value) in &variables {
        set(&mut table, name, value)?;
    }
    let names: Vec<String> = variables.into_iter().map(|(name, _)| name).collect();
    read(table, file, &names)
}

pub(super) fn read(table: Table, file: Option<&Path>, variables: &[String]) -> Result<Config> {
    let read: Result<Config, toml::de::Error> = Value::Table(table).try_into();
    read.map_err(|error| anyhow::anyhow!(keys::explained(&error, file, variables, PREFIX)))
}

fn environment() -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| name.starts_with(PREFIX) && !NOT_CONFIGURATION.contains(&name.as_str()))
        .collect();
    variables.sort();
    variables
}

/// Whether the environment sets one of these, which other programs read too.
pub(crate) fn environment_sets(names: &[&str]) -> bool {
    std::env::vars().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty())
}

/// `FANFARE_PLATFORMS__X__CLIENT_ID=abc` sets `platforms.x.client_id`.
pub(super) fn set(table: &mut Table, name: &str, value: &str) -> Result<()> {
    let path = name.strip_prefix(PREFIX).unwrap_or(name).to_ascii_lowercase();
    let keys: Vec<&str> = path.split("__").collect();
    let Some((last, parents)) = keys.split_last() else { return Ok(()) };
    let mut place = table;
    for key in parents {
        let entry = place.entry((*key).to_owned()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = entry else { bail!("{name}: \"{key}\" is a value, not a table") };
        place = inner;
    }
    place.insert((*last).to_owned(), typed(value));
    Ok(())
}

/// Numbers, booleans and lists as such, everything else as text.
fn typed(text: &str) -> Value {
    let Ok(table) = format!("value = {text}").parse::<Table>() else {
        return Value::String(text.to_owned());
    };
    match table.get("value") {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_))) => value.clone(),
        _ => Value::String(text.to_owned()),
    }
}
