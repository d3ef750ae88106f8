//! The world outside the process: the only outgoing HTTP client, the clock, and randomness.
//!
//! Owns how a request leaves and what is known of it when no answer comes back. Must not know
//! platforms or the database.

mod client;
mod clock;
mod download;
mod entropy;
mod feed;
mod guard;
mod hook;
mod travel;
mod webhook;

pub use client::{Answer, Body, Client, ClientConfig, Part, Request, SendError, Sent};
pub use clock::{Clock, FrozenClock, SystemClock};
pub use download::{Download, DownloadError, Resume};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use feed::{Fed, Feed, feed};
pub use guard::{Fetched, GuardedClient, GuardedConfig};
pub use hook::{Fate, Hook};
pub use travel::TravelClock;
pub use webhook::{WebhookAnswer, WebhookCall};
