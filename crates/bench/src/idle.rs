//! The memory of a server that has nothing to do.

use anyhow::Result;

use crate::Scale;
use crate::process::Running;
use crate::report::{Entry, Goal};
use crate::seed::seed;
use crate::workplace::Workplace;

/// Takes the figure.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Entry> {
    let seeded = seed(&workplace.folder("idle")?).await?;
    let server = Running::fanfare(workplace, &seeded.folder).await?;
    std::thread::sleep(scale.idle);
    let resident = server.resident_mib()?;
    server.stop()?;
    Ok(Entry {
        what: "Idle memory".to_owned(),
        figure: format!("{resident:.1} MiB"),
        baseline: "-".to_owned(),
        ratio: None,
        goal: Goal::Below { figure: resident, limit: 60.0, unit: "MiB" },
        method: format!(
            "VmRSS in /proc of `fanfare serve`, {:?} after its start on a database with 20 accounts.",
            scale.idle
        ),
        notes: Vec::new(),
    })
}
