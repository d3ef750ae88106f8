//! One module per social platform, and the registry of them. Must not know the store, the engine
//! or the sandbox.

pub mod bluesky;
mod discord;
pub mod facebook;
pub mod instagram;
pub mod linkedin;
pub mod mastodon;
mod page;
pub mod pinterest;
mod registry;
mod telegram;
pub mod threads;
mod tiktok;
mod wordpress;
pub mod x;
mod youtube;

pub use registry::registry;
