//! Every platform with a connector has an emulator and a docs page.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Looks at the folders: a connector is a folder with a `publish.rs`.
pub(crate) fn check() -> Result<()> {
    let folders = std::fs::read_dir("crates/platforms/src").context("crates/platforms/src")?;
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in folders {
        let folder = folder?.path();
        let has_connector = folder.join("publish.rs").exists() || folder.join("publish").is_dir();
        if !folder.is_dir() || !has_connector {
            continue;
        }
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        count += 1;
        for needed in [format!("crates/sandbox/src/{name}/mod.rs"), format!("docs/platforms/{name}.md")] {
            if !Path::new(&needed).exists() {
                wrong.push(format!("{name} has a connector but no {needed}"));
            }
        }
    }
    if wrong.is_empty() {
        println!("platforms: {count} connectors, each with an emulator and a docs page");
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}
