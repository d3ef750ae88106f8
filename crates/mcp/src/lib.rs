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

pub use api::{Answer, Api, Ask, NoAnswer, Pending};
pub use http::routes;
pub use stdio::serve_stdio;

/// The names of all tools, in the order in which they are listed.
pub fn tool_names() -> impl Iterator<Item = &'static str> {
    tools::all().map(|tool| tool.name)
}
