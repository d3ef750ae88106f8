//! The Discord connector against the sandbox's emulator.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
