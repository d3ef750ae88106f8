//! The publish engine on a simulated stage: the real engine and the real store, under a clock, a
//! network, platforms, crashes and database faults that a seed decides.
//!
//! Owns what can go wrong and what must hold all the same. Must not know how the engine does it.

mod book;
mod chance;
mod check;
mod connector;
mod faults;
mod gate;
mod ledger;
mod network;
mod plan;
mod report;
mod run;
mod stage;
mod user;
mod worker;
mod workplace;

pub use report::{Line, Report, Search, search};
pub use run::{Options, run};
pub use store::PlantedBug;
pub use workplace::Workplace;
