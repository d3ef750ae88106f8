//! What all emulators share: clock, randomness, stored state, the ledger of public posts,
//! faults, the request log, and the port they are served on.
//! Must not know any platform: an emulator is reached through [`emulator::Emulator`] only.

pub(crate) mod accounts;
pub(crate) mod avatar;
pub(crate) mod blobs;
pub(crate) mod clock;
pub(crate) mod clock_api;
pub(crate) mod consent;
pub(crate) mod control;
pub(crate) mod dispatch;
pub(crate) mod duration;
pub(crate) mod emulator;
pub(crate) mod entropy;
pub(crate) mod error;
pub(crate) mod faults;
pub(crate) mod fetch;
pub(crate) mod figures;
pub(crate) mod film;
pub(crate) mod form;
pub(crate) mod journal;
pub(crate) mod ledger;
pub(crate) mod origin;
pub(crate) mod page;
pub(crate) mod picture;
pub(crate) mod requests;
pub(crate) mod serve;
pub(crate) mod steering;
pub(crate) mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, going on after a panic elsewhere: every holder leaves the value whole.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
