//! The connectors of X and LinkedIn against the sandbox's emulators, over real connections.

#[cfg(test)]
mod linkedin;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod support;
#[cfg(test)]
mod x;
