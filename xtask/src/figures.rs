//! How long files are, and words that must not stay behind.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// No file is longer than this.
const WALL_LINES: usize = 800;
const UNFINISHED: [&str; 4] = ["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}:", "not implemen\u{74}ed"];

/// Prints the figures; fails on a file beyond the wall or an unfinished place.
pub(crate) fn check() -> Result<()> {
    let mut files = Vec::new();
    for root in ["crates", "xtask", "tests"] {
        collect(Path::new(root), &mut files)?;
    }
    let mut lengths = Vec::new();
    let mut wrong = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file)?;
        let lines = text.lines().count();
        lengths.push(lines);
        if lines > WALL_LINES {
            wrong.push(format!("{} has {lines} lines; {WALL_LINES} is the wall", file.display()));
        }
        for (number, line) in text.lines().enumerate() {
            if UNFINISHED.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{} is unfinished", file.display(), number + 1));
            }
        }
    }
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied().unwrap_or(0);
    println!(
        "figures: {} files, median {} lines, 95 % under {}, longest {}",
        lengths.len(),
        at(50),
        at(95),
        lengths.last().copied().unwrap_or(0)
    );
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !matches!(name.as_str(), "node_modules" | "target" | "data") {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
