//! The table of tools. A tool is one entry: its name, the request that it is, and its arguments.
//!
//! An argument that the path names goes into the path; the others go into the query of a look-up or
//! deletion, and into the body of everything else.

mod about;
mod accounts;
mod ai;
mod argument;
mod campaigns;
mod events;
mod media;
mod posts;
mod queue;
mod rows;
mod webhooks;

use ::http::Method;

pub(crate) use argument::{Argument, Kind, schema_of, whole};

/// A tool.
pub(crate) struct Tool {
    /// What it is called by.
    pub(crate) name: &'static str,
    /// What a person is shown.
    pub(crate) title: &'static str,
    /// What a model is told: what it does, when to use it, what it gives.
    pub(crate) about: &'static str,
    /// The method of the request.
    pub(crate) method: Method,
    /// The path of the request below the API's root, with arguments in braces.
    pub(crate) path: &'static str,
    /// The arguments.
    pub(crate) takes: &'static [Argument],
    /// What of the answer a model is shown.
    pub(crate) shows: Shows,
    /// What it does to what is stored.
    pub(crate) effect: Effect,
    /// Whether something may become public, or is sent to somebody else's server.
    pub(crate) reaches_out: bool,
}

/// What of an answer a model is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// `data`.
    Data,
    /// One member of `data`.
    Member(&'static str),
    /// A sentence: this is gone, with the argument that names it.
    Gone(&'static str, &'static str),
}

/// What a tool does to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing.
    Reads,
    /// It adds something each time.
    Adds,
    /// It brings something into a state; twice is as good as once.
    Sets,
    /// It overwrites something; twice is as good as once.
    Overwrites,
    /// It deletes something.
    Deletes,
}

/// Every tool.
pub(crate) fn all() -> impl Iterator<Item = &'static Tool> {
    let groups: [&'static [Tool]; 10] = [
        accounts::TOOLS,
        posts::TOOLS,
        rows::TOOLS,
        queue::TOOLS,
        media::TOOLS,
        ai::TOOLS,
        campaigns::TOOLS,
        webhooks::TOOLS,
        events::TOOLS,
        about::TOOLS,
    ];
    groups.into_iter().flatten()
}

/// The tool of this name.
pub(crate) fn find(name: &str) -> Option<&'static Tool> {
    all().find(|tool| tool.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_tool_has_a_name_of_its_own_and_takes_what_its_path_names() {
        let mut names = BTreeSet::new();
        for tool in all() {
            assert!(names.insert(tool.name), "{} stands twice", tool.name);
            assert!(!tool.about.is_empty() && !tool.title.is_empty(), "{}", tool.name);
            for part in tool.path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let part = part.trim_end_matches('}');
                let argument = tool.takes.iter().find(|argument| argument.name == part);
                assert!(argument.is_some_and(|argument| argument.is_needed), "{} {part}", tool.name);
            }
            if let Shows::Gone(_, named) = tool.shows {
                assert!(tool.takes.iter().any(|argument| argument.name == named), "{}", tool.name);
            }
            let reads = tool.effect == Effect::Reads;
            assert!(!reads || tool.method == Method::GET || tool.name == "validate_post", "{}", tool.name);
        }
    }
}
