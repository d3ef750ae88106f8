//! Emulators of the platforms' HTTP APIs, for tests and for trying Fanfare offline.
//! Written from the platforms' documentation; must not know our own connectors.

mod bluesky;
mod core;
mod discord;
mod facebook;
mod instagram;
mod linkedin;
mod mastodon;
mod meta;
mod openai;
mod openid;
mod pinterest;
mod sandbox;
mod telegram;
mod threads;
mod tiktok;
mod wordpress;
mod x;
mod youtube;

use std::sync::Arc;

pub use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
pub use crate::core::clock::{SandboxClock, SystemSandboxClock};
pub use crate::core::error::SandboxError;
pub use crate::core::faults::{FaultKind, FaultSpec, FaultState};
pub use crate::core::ledger::{PublicMedia, PublicPost};
pub use crate::core::requests::LoggedRequest;
pub use crate::core::steering::{ClockOrder, ClockView, Keep, KeptClock, Steered, Steering, Target};
pub use crate::core::world::SandboxConfig;
pub use crate::sandbox::Sandbox;

use crate::core::emulator::Emulator;
use crate::core::world::World;

/// The emulated platforms, one line each.
fn emulators(world: &Arc<World>) -> Result<Vec<Arc<dyn Emulator>>, SandboxError> {
    let logins = meta::logins::Logins::open(world)?;
    Ok(vec![
        Arc::new(x::XEmulator::open(world)?),
        Arc::new(linkedin::LinkedInEmulator::open(world)?),
        Arc::new(threads::ThreadsEmulator::open(world)?),
        Arc::new(bluesky::BlueskyEmulator::open(world)?),
        Arc::new(tiktok::TikTokEmulator::open(world)?),
        Arc::new(telegram::TelegramEmulator::open(world)?),
        Arc::new(discord::DiscordEmulator::open(world)?),
        Arc::new(mastodon::MastodonEmulator::open(world)?),
        Arc::new(wordpress::WordPressEmulator::open(world)?),
        Arc::new(openid::OpenIdEmulator::open(world)?),
        Arc::new(openai::OpenAiEmulator::open(world)),
        Arc::new(pinterest::PinterestEmulator::open(world)?),
        Arc::new(instagram::InstagramEmulator::open(world, &logins)?),
        Arc::new(youtube::YouTubeEmulator::open(world)?),
        // Answers for every path of its hosts: platforms that share them stand before it.
        Arc::new(facebook::FacebookEmulator::open(world, &logins)?),
    ])
}
