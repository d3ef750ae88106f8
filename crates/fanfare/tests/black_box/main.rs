//! The real binary as a user runs it: the demo, faults, kill -9, schedules, time travel, webhooks.

mod backup;
mod cluster;
mod connect;
mod content;
mod everywhere;
mod faults;
mod files;
mod first_post;
mod import;
mod keys;
mod kill;
mod kinds;
mod mistakes;
mod observe;
mod once;
mod org;
mod people;
mod readings;
mod restore;
mod schedule;
mod support;
mod traces;
mod travel;
mod travel_tokens;
mod two_processes;
mod webhooks;
