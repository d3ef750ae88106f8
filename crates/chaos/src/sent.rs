//! What was sent to the API, and what is known of its fate.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One `POST /posts`.
#[derive(Clone, Debug)]
pub(crate) struct SentPost {
    pub(crate) number: usize,
    /// Index of the organization.
    pub(crate) tenant: usize,
    /// Indexes of the accounts.
    pub(crate) targets: Vec<usize>,
    pub(crate) parts: usize,
    pub(crate) fate: Fate,
}

/// What the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// 201, with this id.
    Accepted(String),
    /// No answer, or one that says neither yes nor no.
    Unclear,
}

/// All of them, and how calls were answered.
#[derive(Debug, Default)]
pub(crate) struct Book {
    posts: Mutex<Vec<SentPost>>,
    answers: Mutex<BTreeMap<String, usize>>,
}

impl Book {
    /// A number for the next post.
    pub(crate) fn open(&self, tenant: usize, targets: Vec<usize>, parts: usize) -> usize {
        let mut posts = lock(&self.posts);
        let number = posts.len();
        posts.push(SentPost { number, tenant, targets, parts, fate: Fate::Unclear });
        number
    }

    pub(crate) fn accept(&self, number: usize, id: String) {
        if let Some(post) = lock(&self.posts).get_mut(number) {
            post.fate = Fate::Accepted(id);
        }
    }

    pub(crate) fn note_answer(&self, what: String) {
        *lock(&self.answers).entry(what).or_default() += 1;
    }

    pub(crate) fn posts(&self) -> Vec<SentPost> {
        lock(&self.posts).clone()
    }

    pub(crate) fn answers(&self) -> BTreeMap<String, usize> {
        lock(&self.answers).clone()
    }
}

/// What marks a part of a post, in its text and on the ledger.
pub(crate) fn marker(number: usize, part: usize) -> String {
    format!("zq{number:06}k{part}e")
}

/// The number and part that a text is marked with.
pub(crate) fn read_marker(text: &str) -> Option<(usize, usize)> {
    let (_, rest) = text.split_once("zq")?;
    let (number, rest) = rest.split_once('k')?;
    let (part, _) = rest.split_once('e')?;
    Some((number.parse().ok()?, part.parse().ok()?))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_its_text() {
        let text = format!("Autumn menu {} is live", marker(123, 2));
        assert_eq!(read_marker(&text), Some((123, 2)));
        assert_eq!(read_marker("Autumn menu"), None);
    }
}
