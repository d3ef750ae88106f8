//! A real WordPress, started from `tests/wordpress`. Where it or what it needs is missing, a test
//! says so and leaves it out, unless `REQUIRE_WORDPRESS=1` demands it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use crate::support::Site;

/// How much of the log a failing test shows.
const LOG_LINES_SHOWN: usize = 60;

/// The server ends when its input is closed, so dropping this is enough.
pub(crate) struct Real {
    child: Child,
    stdin: Option<ChildStdin>,
    log: PathBuf,
}

impl Drop for Real {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = std::fs::read(&self.log).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let of_interest = |line: &&str| !line.ends_with(" Accepted") && !line.ends_with(" Closing");
            let lines: Vec<&str> = log.lines().filter(of_interest).collect();
            eprintln!(
                "the site's log ends:\n{}",
                lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
            );
        }
        self.stdin.take();
        let _ = self.child.wait();
    }
}

impl Real {
    /// Starts a site with `pretty` or `plain` permalinks, or says why there is none.
    pub(crate) fn start(permalinks: &str) -> Option<Site> {
        match try_start(permalinks) {
            Ok(site) => Some(site),
            Err(reason) => {
                let required = std::env::var_os("REQUIRE_WORDPRESS").is_some_and(|value| value == "1");
                assert!(!required, "no WordPress, though REQUIRE_WORDPRESS=1: {reason}");
                println!("left out, no WordPress: {reason}");
                None
            }
        }
    }
}

fn try_start(permalinks: &str) -> Result<Site, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/wordpress");
    if !folder.join("site/wp-load.php").exists() {
        return Err("run `cargo xtask wordpress`".to_owned());
    }
    let mut child = Command::new("python3")
        .arg("start.py")
        .current_dir(&folder)
        .env("WP_PERMALINKS", permalinks)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("python3: {error}"))?;
    let stdin = child.stdin.take();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut real = Real { child, stdin, log: PathBuf::new() };
    let ready = lines.next().ok_or("the site ended before it was ready")?.unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    real.log = PathBuf::from(ready["log"].as_str().unwrap());
    let users = ready["users"].as_object().unwrap().iter();
    let passwords: BTreeMap<String, String> =
        users.map(|(name, user)| (name.clone(), user["password"].as_str().unwrap().to_owned())).collect();
    let url = ready["url"].as_str().unwrap().to_owned();
    Ok(Site { url, passwords, sandbox: None, real: Some(real) })
}
