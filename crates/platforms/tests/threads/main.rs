//! The connector of Threads against the sandbox's emulator, over real connections.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
