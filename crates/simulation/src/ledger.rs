//! What is public on the simulated platforms, and which tokens they take.

use domain::{DestinationId, Span, Timestamp};

/// What a platform lets one find out about a lost answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What was posted can be read back.
    Readable,
    /// It cannot, but the same is not taken twice, and the refusal names the first.
    Refusing,
    /// Neither.
    Blind,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Readable, Self::Refusing, Self::Blind];
}

/// A public post.
#[derive(Clone, Debug)]
pub(crate) struct Public {
    pub(crate) id: String,
    pub(crate) account: usize,
    pub(crate) destination: DestinationId,
    pub(crate) part: usize,
    pub(crate) text: String,
    /// From when on it can be read back.
    pub(crate) seen_from: Timestamp,
}

/// An account at its platform.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) kind: Kind,
    /// Tokens and their ends.
    pub(crate) tokens: Vec<(String, Timestamp)>,
    pub(crate) lifetime: Span,
    pub(crate) revoked: bool,
    /// Whether a renewal was refused, even if a later one was not: meanwhile the account was cut off.
    pub(crate) was_refused: bool,
}

impl Holder {
    pub(crate) fn takes(&self, token: &str, now: Timestamp) -> bool {
        self.tokens.iter().any(|(known, end)| known == token && *end > now)
    }

    pub(crate) fn issue(&mut self, now: Timestamp) -> (String, Timestamp) {
        let issued = (format!("token-{}", self.tokens.len()), now + self.lifetime);
        self.tokens.push(issued.clone());
        issued
    }
}

/// All platforms.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) public: Vec<Public>,
    pub(crate) holders: Vec<Holder>,
}

impl Ledger {
    pub(crate) fn of(&self, destination: DestinationId) -> impl Iterator<Item = &Public> {
        self.public.iter().filter(move |public| public.destination == destination)
    }

    /// How often a part is public.
    pub(crate) fn count(&self, destination: DestinationId, part: usize) -> usize {
        self.of(destination).filter(|public| public.part == part).count()
    }

    pub(crate) fn find(&self, account: usize, text: &str) -> Option<&Public> {
        self.public.iter().find(|public| public.account == account && public.text == text)
    }
}
