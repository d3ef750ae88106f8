//! A real WordPress for the tests of its connector: Debian's package, unpacked and not installed, so
//! that no web server comes with it; PHP and a database server that tests start by themselves.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::test::step;

const FOLDER: &str = "tests/wordpress";
const PACKAGES: [&str; 5] = ["php-cli", "php-mysql", "php-gd", "php-getid3", "mariadb-server-core"];
/// What the package links to in other packages, from the folder beside it.
const LINKS: [(&str, &str); 2] = [("php", "/usr/share/php"), ("javascript", "/usr/share/javascript")];

/// Installs what is missing.
pub(crate) fn install() -> Result<()> {
    let folder = Path::new(FOLDER);
    if folder.join("site/wp-load.php").exists() && has("php") && Path::new("/usr/sbin/mariadbd").exists() {
        return Ok(());
    }
    step("update the package lists", Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut packages = Command::new("apt-get");
    packages.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(PACKAGES);
    packages.env("DEBIAN_FRONTEND", "noninteractive");
    step("install PHP and MariaDB", &mut packages)?;
    let fetched = folder.join("fetched");
    std::fs::create_dir_all(&fetched).context("a folder for WordPress")?;
    let mut download = Command::new("apt-get");
    download.args(["download", "--quiet", "wordpress"]).current_dir(&fetched);
    step("fetch WordPress", &mut download)?;
    let Some(package) =
        std::fs::read_dir(&fetched)?.flatten().map(|entry| entry.path()).find(|path| is_package(path))
    else {
        bail!("apt-get left no package of WordPress");
    };
    let mut unpack = Command::new("dpkg-deb");
    unpack.arg("--extract").arg(&package).arg(&fetched);
    step("unpack WordPress", &mut unpack)?;
    let (from, site) = (fetched.join("usr/share/wordpress"), folder.join("site"));
    // Its own settings are those of the machine; the tests' stand one folder above.
    std::fs::remove_file(from.join("wp-config.php")).context("WordPress's settings")?;
    if site.exists() {
        std::fs::remove_dir_all(&site).context("the former WordPress")?;
    }
    std::fs::rename(&from, &site).context("WordPress's folder")?;
    std::fs::remove_dir_all(&fetched).context("the fetched package")?;
    for (name, target) in LINKS {
        let link = folder.join(name);
        if link.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(target, &link).with_context(|| format!("a link to {target}"))?;
        }
    }
    Ok(())
}

fn is_package(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "deb")
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
