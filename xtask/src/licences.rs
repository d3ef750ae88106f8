//! Every crate in the tree has a licence that this project may ship with.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const ALLOWED: [&str; 14] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "Unlicense",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "MIT-0",
    "OpenSSL",
];

/// Crates under MPL-2.0, which asks that changes to their files are published. None is changed here.
const UNCHANGED: [&str; 5] =
    ["webauthn-rs", "webauthn-rs-core", "webauthn-rs-proto", "webauthn-attestation-ca", "crypto-glue"];

/// Reads the licence of each crate from `cargo metadata`.
pub(crate) fn check() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut wrong = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("");
        let name = package["name"].as_str().unwrap_or("?");
        let is_kept_apart = licence == "MPL-2.0" && UNCHANGED.contains(&name);
        if !is_allowed(licence) && !is_kept_apart {
            wrong.push(format!("{name} has the licence \"{licence}\""));
        }
    }
    if wrong.is_empty() {
        println!("licences: {} crates may be shipped", packages.len());
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

/// Any alternative of an `OR` will do; every part of an `AND` must.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace('/', " OR ").replace(['(', ')'], "");
    plain
        .split(" OR ")
        .any(|alternative| alternative.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn one_alternative_is_enough_and_every_part_is_needed() {
        assert!(is_allowed("MIT OR GPL-3.0"));
        assert!(is_allowed("MIT/Apache-2.0"));
        assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!is_allowed("GPL-3.0"));
        assert!(!is_allowed(""));
    }
}
