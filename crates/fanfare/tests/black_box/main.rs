//! The real binary as a user runs it: the demo, faults, kill -9, schedules.

mod backup;
mod faults;
mod first_post;
mod kill;
mod restore;
mod schedule;
mod support;
