//! The API as tools for language models, over the Model Context Protocol.
//!
//! Owns which tool is which request of the API, and how an answer is told to a model. A tool does
//! nothing by itself: keys, scopes, limits and errors are the API's own. Must not know SQL, the
//! engine, nor how the API is reached.

mod api;
mod arguments;
mod http;
mod outcome;
mod server;
mod stdio;
mod tools;

pub use api::{Answer, Api, Ask, NoAnswer, Pending, Sent};
pub use http::routes;
pub use stdio::serve_stdio;

/// A tool, and the request that it is.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    /// What it is called by.
    pub name: &'static str,
    /// The method of the request.
    pub method: &'static ::http::Method,
    /// The path of the request below the API's root, with arguments in braces.
    pub path: &'static str,
    takes: &'static [tools::Argument],
}

impl Offered {
    /// What the request calls the tool's arguments. The text of a file is its body, and has no name there.
    pub fn members(&self) -> impl Iterator<Item = &'static str> + use<> {
        let named = self.takes.iter().filter(|argument| !matches!(argument.kind, tools::Kind::File));
        named.map(tools::Argument::member)
    }
}

/// All tools, in the order in which they are listed.
pub fn offered() -> impl Iterator<Item = Offered> {
    tools::all().map(|tool| Offered {
        name: tool.name,
        method: &tool.method,
        path: tool.path,
        takes: tool.takes,
    })
}
