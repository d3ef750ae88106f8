//! The connector of TikTok against the sandbox's emulator, over real connections.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
