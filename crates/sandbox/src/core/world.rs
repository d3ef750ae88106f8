//! Everything an emulator may use, in one place.

use std::path::PathBuf;
use std::sync::Arc;

use domain::Timestamp;

use super::blobs::Blobs;
use super::clock::{Clock, SandboxClock};
use super::entropy::Entropy;
use super::error::SandboxError;
use super::faults::Faults;
use super::journal::Journal;
use super::ledger::Ledger;
use super::requests::RequestLog;

/// How a sandbox is opened.
pub struct SandboxConfig {
    /// Where state is kept; `None` keeps it in memory.
    pub data_dir: Option<PathBuf>,
    /// The machine's clock.
    pub clock: Arc<dyn SandboxClock>,
    /// Makes ids and tokens repeat from run to run, for tests.
    pub seed: Option<u64>,
}

/// The shared parts of the sandbox.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) journal: Arc<Journal>,
    pub(crate) blobs: Blobs,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
}

impl World {
    pub(crate) fn open(config: SandboxConfig) -> Result<Arc<Self>, SandboxError> {
        let (journal, blobs) = match &config.data_dir {
            None => (Journal::in_memory(), Blobs::in_memory()),
            Some(folder) => {
                let blobs = Blobs::in_folder(folder.join("blobs"))?;
                (Journal::open(&folder.join("state.jsonl"))?, blobs)
            }
        };
        let entropy = match config.seed {
            // A reopened sandbox must not make the ids of its first run again.
            Some(seed) => Entropy::seeded(seed ^ ((journal.records() as u64) << 32)),
            None => Entropy::from_system(),
        };
        Ok(Arc::new(Self {
            clock: Clock::open(config.clock, &journal)?,
            faults: Faults::default(),
            ledger: Ledger::open(&journal)?,
            requests: RequestLog::default(),
            entropy,
            journal,
            blobs,
        }))
    }

    /// The emulated moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
