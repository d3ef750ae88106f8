//! The dashboard's files, as they are built into the program.
//!
//! Owns which file answers which path, and in which encoding. Must not know HTTP or what the dashboard does.

mod kind;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

pub use kind::Encoding;

/// The page that all of the dashboard's paths lead to.
const INDEX: &str = "index.html";
/// What is in here has the hash of its content in its name.
const HASHED: &str = "assets/";

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
struct BuiltIn;

/// The files. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Dashboard(Arc<BTreeMap<String, Stored>>);

#[derive(Clone, Debug)]
struct Stored {
    bytes: Cow<'static, [u8]>,
    tag: String,
}

/// A file that answers a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its bytes, in its encoding.
    pub bytes: Cow<'static, [u8]>,
    /// What changes when they do.
    pub tag: String,
    /// What it is.
    pub content_type: &'static str,
    /// How its bytes are packed; `None` for not at all.
    pub encoding: Option<Encoding>,
    /// Whether its name changes whenever its content does.
    pub is_hashed: bool,
}

impl Dashboard {
    /// What was in `web/dist` when the program was built.
    pub fn built_in() -> Self {
        let files = BuiltIn::iter().filter_map(|name| {
            let bytes = BuiltIn::get(&name)?.data;
            Some((name.into_owned(), bytes))
        });
        Self::of(files)
    }

    /// These files, by their path in the folder.
    pub fn of(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let stored = |bytes: Cow<'static, [u8]>| Stored { tag: tag(&bytes), bytes };
        Self(Arc::new(files.into_iter().map(|(name, bytes)| (name, stored(bytes))).collect()))
    }

    /// Whether there is a dashboard at all.
    pub fn is_built(&self) -> bool {
        self.0.contains_key(INDEX)
    }

    /// The page that all of the dashboard's paths lead to, for a browser that takes these encodings.
    pub fn index(&self, taken: &[Encoding]) -> Option<File> {
        self.file(INDEX, taken)
    }

    /// The file at `path`, which has no slash in front, for a browser that takes these encodings.
    pub fn file(&self, path: &str, taken: &[Encoding]) -> Option<File> {
        let plain = self.0.get(path)?;
        let packed = Encoding::ALL
            .into_iter()
            .filter(|encoding| taken.contains(encoding))
            .find_map(|encoding| Some((encoding, self.0.get(&format!("{path}.{}", encoding.extension()))?)));
        let (encoding, stored) = match packed {
            Some((encoding, stored)) => (Some(encoding), stored),
            None => (None, plain),
        };
        Some(File {
            bytes: stored.bytes.clone(),
            tag: stored.tag.clone(),
            content_type: kind::of(path),
            encoding,
            is_hashed: path.starts_with(HASHED),
        })
    }
}

fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}-{:x}", hasher.finish(), bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &'static str)]) -> Dashboard {
        Dashboard::of(files.iter().map(|(name, text)| ((*name).to_owned(), Cow::Borrowed(text.as_bytes()))))
    }

    #[test]
    fn a_file_comes_packed_where_the_browser_takes_it_and_the_file_is_there() {
        let dashboard = files(&[
            ("index.html", "page"),
            ("assets/a-1.js", "script"),
            ("assets/a-1.js.br", "b"),
            ("assets/a-1.js.gz", "g"),
        ]);
        let get = |taken: &[Encoding]| {
            let file = dashboard.file("assets/a-1.js", taken).unwrap();
            (file.bytes.into_owned(), file.encoding)
        };
        assert_eq!(get(&[]), (b"script".to_vec(), None));
        assert_eq!(get(&[Encoding::Gzip]), (b"g".to_vec(), Some(Encoding::Gzip)));
        assert_eq!(get(&[Encoding::Gzip, Encoding::Brotli]), (b"b".to_vec(), Some(Encoding::Brotli)));
        let index = dashboard.index(&[Encoding::Brotli]).unwrap();
        assert_eq!((index.encoding, index.is_hashed), (None, false));
        assert_eq!(index.content_type, "text/html; charset=utf-8");
        assert!(dashboard.file("assets/a-1.js", &[]).unwrap().is_hashed);
        assert_eq!(dashboard.file("../Cargo.toml", &[]), None);
    }

    #[test]
    fn tags_tell_contents_apart_and_are_the_same_every_time() {
        let [one, same, other] = ["a", "a", "b"].map(|text| files(&[(INDEX, text)]).index(&[]).unwrap().tag);
        assert_eq!(one, same);
        assert_ne!(one, other);
    }

    #[test]
    fn without_a_page_there_is_no_dashboard() {
        assert!(!Dashboard::default().is_built());
        assert!(!files(&[("assets/a.js", "")]).is_built());
        assert!(files(&[(INDEX, "")]).is_built());
        // Whatever was built, reading it fails nothing.
        let built_in = Dashboard::built_in();
        assert_eq!(built_in.is_built(), built_in.index(&[]).is_some());
    }
}
