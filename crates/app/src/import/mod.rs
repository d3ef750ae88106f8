//! Posts from tables and files: rows that name accounts and media as people call them, read from CSV, from
//! this server's own export, and from what other programs give out.
//!
//! Reading a file needs nothing but the file. What its rows mean in a workspace is found out afterwards,
//! and what comes of that is a [`NewPost`](crate::posts::NewPost) like any other: it is checked and written
//! by the same code. What cannot be carried over is said in the row's notes.

mod accounts;
mod cells;
mod csv;
mod fields;
mod file;
mod html;
mod known;
mod media;
mod mixpost;
mod own;
mod postiz;
mod row;

pub use accounts::Mapping;
pub(crate) use cells::escape;
pub(crate) use csv::{BETWEEN_NAMES, ids_cell};
pub use file::{FILE_BYTES, Format, MOST_ROWS, ReadFile, read};
pub use known::{Fetch, Known, Ready, find_there};
pub use row::{Entry, MediaRef, Row, Target, When, local_moment, media_list, targets_list};

#[cfg(test)]
mod tests;
