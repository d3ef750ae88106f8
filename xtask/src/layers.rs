//! Who may use whom: the drawing in docs/architecture.md, and which outside crate has one owner.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const PREFIX: &str = "fanfare-";

/// What each crate may use of ours.
const MAY_USE: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("telemetry", &["domain"]),
    ("net", &["domain"]),
    ("connector", &["net", "domain"]),
    ("platforms", &["connector", "net", "domain"]),
    ("store", &["telemetry", "domain"]),
    ("media", &["net", "domain"]),
    ("app", &["store", "media", "connector", "net", "telemetry", "domain"]),
    ("engine", &["store", "media", "connector", "net", "telemetry", "domain"]),
    ("dashboard", &[]),
    ("api", &["app", "dashboard", "telemetry", "domain"]),
    ("mcp", &["app"]),
    ("sandbox", &["domain"]),
    ("pgtest", &[]),
    ("s3", &["net", "domain"]),
    (
        "testkit",
        &[
            "api",
            "mcp",
            "app",
            "engine",
            "platforms",
            "sandbox",
            "store",
            "media",
            "connector",
            "net",
            "telemetry",
            "domain",
            "pgtest",
            "s3",
        ],
    ),
];

/// Outside crates that only these may use.
const OWNED: [(&str, &[&str]); 12] = [
    ("sqlx", &["store"]),
    // The emulated platforms fetch media by themselves, as the real ones do.
    ("reqwest", &["net", "sandbox"]),
    ("axum", &["api", "mcp", "sandbox", "testkit", "s3"]),
    ("rmcp", &["mcp"]),
    ("image", &["media"]),
    ("argon2", &["app"]),
    ("webauthn-rs", &["app"]),
    ("jsonwebtoken", &["app"]),
    ("rust-embed", &["dashboard"]),
    ("object_store", &["media"]),
    ("metrics", &["telemetry"]),
    ("opentelemetry", &["telemetry"]),
];

/// Compares `cargo metadata` with the tables above.
pub(crate) fn check() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        MAY_USE.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let short = name.strip_prefix(PREFIX).unwrap_or(name);
        if matches!(short, "fanfare" | "xtask" | "bench" | "chaos" | "simulation") {
            continue;
        }
        let Some(may_use) = allowed.get(short) else {
            wrong.push(format!("{short} is not in the table of layers"));
            continue;
        };
        for used in real_dependencies(package) {
            if let Some(ours) = used.strip_prefix(PREFIX)
                && !may_use.contains(ours)
            {
                wrong.push(format!("{short} must not use {ours}"));
            }
            for (outside, owners) in OWNED {
                if used == outside && !owners.contains(&short) {
                    wrong.push(format!("{short} must not use {outside}; {} owns it", owners.join(" and ")));
                }
            }
        }
    }
    if wrong.is_empty() {
        println!("layers: {} crates keep to the drawing", packages.len());
        return Ok(());
    }
    bail!("the layers are broken:\n  {}", wrong.join("\n  "))
}

/// Normal and build dependencies: tests may reach further.
fn real_dependencies(package: &Value) -> impl Iterator<Item = &str> {
    package["dependencies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
        .filter_map(|dependency| dependency["name"].as_str())
}
