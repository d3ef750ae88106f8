//! The sandbox as its clients meet it: on a real port, over plain HTTP.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod api;
mod core;
mod facebook;
mod faults;
mod instagram;
mod linkedin;
mod mastodon;
mod pinterest;
mod rig;
mod threads;
mod x;
