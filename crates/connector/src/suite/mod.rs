//! Drives a connector the way the engine does, for tests of connectors: states are kept as text, a
//! commit whose outcome is open is looked up, a process that dies resumes from what was kept.
//! Must not know any platform: a test brings the account and looks at what is live.

mod bench;
mod drive;
mod reading;
mod strike;
mod sweep;

pub use bench::{Bench, Connected, PIXEL, film, post};
pub use strike::Strike;
pub use sweep::{crash_sweep, crash_sweep_unread};
