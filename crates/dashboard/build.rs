//! The dashboard is built by its own tools (`npm run build` in `web/`). Without it there is an empty folder,
//! so that everything else builds.

use std::io::Write as _;
use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    // Where the source cannot be written to, the folder has to be there; the compiler says so.
    let _ = std::fs::create_dir_all(&folder);
    let _ = writeln!(std::io::stdout(), "cargo:rerun-if-changed={}", folder.display());
}
