//! One module per social platform, and the registry of them. Must not know the store, the engine
//! or the sandbox.

pub mod bluesky;
pub mod discord;
pub mod facebook;
mod file_name;
pub mod instagram;
pub mod linkedin;
pub mod mastodon;
mod page;
pub mod pinterest;
mod registry;
pub mod telegram;
pub mod threads;
pub mod tiktok;
pub mod wordpress;
pub mod x;
pub mod youtube;

pub use registry::registry;
