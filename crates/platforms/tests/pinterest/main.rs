//! The connector of Pinterest against the sandbox's emulator, over real connections.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
