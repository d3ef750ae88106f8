//! The real binary as a user runs it: the demo, faults, kill -9, schedules, time travel.

mod faults;
mod first_post;
mod kill;
mod schedule;
mod support;
mod travel;
mod two_processes;
