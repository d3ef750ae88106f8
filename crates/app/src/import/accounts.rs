//! Which accounts a table means.

use std::collections::{BTreeSet, HashMap};

use domain::account::shown_name;
use domain::{AccountId, PlatformName};
use serde_json::Value;
use store::AccountRow;

use super::{Entry, Target};
use crate::AppError;

/// Names of a table, and the accounts that they stand for here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping(HashMap<String, Vec<AccountId>>);

impl Mapping {
    /// Reads `{"instagram": 3121, "Northlight": [3122, 3123]}`.
    ///
    /// # Errors
    /// [`AppError::Validation`] with `field` or a member of it.
    pub fn read(value: &Value, field: &str) -> Result<Self, AppError> {
        let wrong = |path: &str, what: &str| AppError::validation(path, format!("{path} must be {what}."));
        let members = value.as_object().ok_or_else(|| wrong(field, "an object of names and account ids"))?;
        let mut mapping = HashMap::new();
        for (name, value) in members {
            let path = format!("{field}.{name}");
            let ids = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            let ids: Option<Vec<AccountId>> = ids.iter().map(account_id).collect();
            let ids = ids.filter(|ids| !ids.is_empty());
            mapping.insert(key(name), ids.ok_or_else(|| wrong(&path, "an account id, or a list of them"))?);
        }
        Ok(Self(mapping))
    }

    /// What the table's names for an account are mapped to: its own names before its platform's.
    fn find(&self, target: &Target) -> Option<&[AccountId]> {
        let platform = target.platform.as_ref();
        let qualified = target.names.iter().filter_map(|name| Some(format!("{}:{name}", platform?)));
        let names = qualified.chain(target.names.iter().cloned());
        let id = target.id.map(|id| id.0.to_string());
        let names = names.chain(id).chain([target.shown.clone()]);
        let mut names = names.chain(platform.map(ToString::to_string));
        names.find_map(|name| self.0.get(&key(&name))).map(Vec::as_slice)
    }
}

fn account_id(value: &Value) -> Option<AccountId> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).map(AccountId)
}

/// A name as names are compared.
fn key(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
}

/// The accounts of a workspace, as tables call them.
pub(super) struct Accounts {
    rows: Vec<AccountRow>,
    mapping: Mapping,
    /// Platforms of which the table names one account alone.
    alone: BTreeSet<PlatformName>,
}

impl Accounts {
    pub(super) fn new(rows: Vec<AccountRow>, mapping: Mapping, entries: &[Entry]) -> Self {
        let mut named: HashMap<PlatformName, BTreeSet<String>> = HashMap::new();
        for entry in entries {
            let Entry::Post(row) = entry else { continue };
            for target in &row.targets {
                if let Some(platform) = &target.platform {
                    named.entry(platform.clone()).or_default().insert(target.names.join("\n"));
                }
            }
        }
        let alone = named.into_iter().filter(|(_, names)| names.len() == 1).map(|(name, _)| name).collect();
        Self { rows, mapping, alone }
    }

    /// The accounts that a row goes to, in order, each once. What was guessed is noted.
    pub(super) fn find_all(
        &self,
        targets: &[Target],
        notes: &mut Vec<String>,
    ) -> Result<Vec<AccountId>, AppError> {
        let mut ids = Vec::new();
        for target in targets {
            for id in self.find(target, notes)? {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Ok(ids)
    }

    fn find(&self, target: &Target, notes: &mut Vec<String>) -> Result<Vec<AccountId>, AppError> {
        if let Some(ids) = self.mapping.find(target) {
            let unknown: Vec<AccountId> = ids.iter().copied().filter(|id| self.get(*id).is_none()).collect();
            return if unknown.is_empty() {
                Ok(ids.to_vec())
            } else {
                Err(AppError::InvalidAccounts(unknown))
            };
        }
        if let Some(id) = target.id
            && let Some(found) = self.get(id)
            && is_meant(target, found)
        {
            return Ok(vec![id]);
        }
        let of_platform: Vec<&AccountRow> = self
            .rows
            .iter()
            .filter(|row| row.is_active && target.platform.as_ref().is_none_or(|name| row.platform == *name))
            .collect();
        let named: Vec<&AccountRow> =
            of_platform.iter().copied().filter(|row| has_name(row, target)).collect();
        match (&named[..], &target.platform) {
            ([found], _) => Ok(vec![found.id]),
            ([], None) => Err(unknown(target)),
            ([], Some(platform)) => self.only(target, platform, &of_platform, notes),
            (several, _) => Err(ambiguous(target, several)),
        }
    }

    pub(super) fn platform(&self, id: AccountId) -> Option<&PlatformName> {
        self.get(id).map(|row| &row.platform)
    }

    fn get(&self, id: AccountId) -> Option<&AccountRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The workspace's only account of a platform, if the table names no more than one of it.
    fn only(
        &self,
        target: &Target,
        platform: &PlatformName,
        rows: &[&AccountRow],
        notes: &mut Vec<String>,
    ) -> Result<Vec<AccountId>, AppError> {
        match rows {
            [] => Err(AppError::validation(
                "platforms",
                format!(
                    "There is no {platform} account here for \"{}\"; connect one, or map it.",
                    target.shown
                ),
            )),
            [row] if target.names.is_empty() => Ok(vec![row.id]),
            [row] if self.alone.contains(platform) => {
                notes.push(format!(
                    "\"{}\" is taken for {}, the only {platform} account here.",
                    target.shown,
                    shown_name(row.username.as_deref(), &row.display_name)
                ));
                Ok(vec![row.id])
            }
            [_] => Err(unknown(target)),
            several => Err(ambiguous(target, several)),
        }
    }
}

/// Whether the account with a table's id is the one that the table means, by what else it says of it.
fn is_meant(target: &Target, row: &AccountRow) -> bool {
    target.platform.as_ref().is_none_or(|name| row.platform == *name)
        && (target.names.is_empty() || has_name(row, target))
}

fn has_name(row: &AccountRow, target: &Target) -> bool {
    let names = [row.username.as_deref(), Some(row.display_name.as_str())];
    let names: Vec<String> = names.into_iter().flatten().filter(|name| !name.is_empty()).map(key).collect();
    target.names.iter().any(|name| names.contains(&key(name)))
}

fn unknown(target: &Target) -> AppError {
    match target.id {
        Some(id) if target.names.is_empty() && target.platform.is_none() => {
            AppError::InvalidAccounts(vec![id])
        }
        _ => AppError::validation(
            "platforms",
            format!("\"{}\" is no account here; map it to one with its id.", target.shown),
        ),
    }
}

fn ambiguous(target: &Target, rows: &[&AccountRow]) -> AppError {
    let name = |row: &AccountRow| shown_name(row.username.as_deref(), &row.display_name);
    let names: Vec<String> = rows.iter().take(10).map(|row| format!("{} {}", row.id.0, name(row))).collect();
    let message = format!(
        "\"{}\" may be any of {}; use an id, or map the name to one.",
        target.shown,
        names.join(", ")
    );
    AppError::validation("platforms", message)
}
