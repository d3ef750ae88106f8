//! The sandbox as its clients meet it: on a real port, over plain HTTP.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod api;
mod bluesky;
mod core;
mod discord;
mod facebook;
mod faults;
mod instagram;
mod linkedin;
mod mastodon;
mod pinterest;
mod rig;
mod telegram;
mod threads;
mod tiktok;
mod wordpress;
mod x;
mod youtube;
