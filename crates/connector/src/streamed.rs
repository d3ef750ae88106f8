//! Request bodies that are read from media files while they are sent, so that memory does not grow
//! with a file. Must not know any platform.

use std::fmt::Write as _;
use std::future::Future;
use std::ops::Range;

use bytes::Bytes;
use domain::Class;
use net::{Answer, Entropy, Feed, Request, SendError, feed};

use crate::{Cx, Failure, MediaItem, MediaSource};

/// How much of a file is read at a time.
const PIECE_BYTES: u64 = 1024 * 1024;

/// A body made of texts and of parts of files.
#[derive(Debug)]
pub struct Streamed<'a> {
    content_type: String,
    pieces: Vec<Piece<'a>>,
}

#[derive(Debug)]
enum Piece<'a> {
    Text(Bytes),
    File(&'a MediaItem, Range<u64>),
}

impl<'a> Streamed<'a> {
    /// A whole file, under its own type.
    pub fn file(item: &'a MediaItem) -> Self {
        let pieces = vec![Piece::File(item, 0..item.size_bytes)];
        Self { content_type: item.content_type.clone(), pieces }
    }

    /// These bytes of a file, under the type of any bytes.
    pub fn part(item: &'a MediaItem, range: Range<u64>) -> Self {
        let content_type = "application/octet-stream".to_owned();
        Self { content_type, pieces: vec![Piece::File(item, range)] }
    }

    fn size_bytes(&self) -> u64 {
        let size = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => text.len() as u64,
            Piece::File(_, range) => range.end.saturating_sub(range.start),
        };
        self.pieces.iter().map(size).sum()
    }
}

/// The fields of a `multipart/form-data` body, in their order.
#[derive(Debug, Default)]
pub struct Form<'a> {
    fields: Vec<Field<'a>>,
}

#[derive(Debug)]
struct Field<'a> {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    value: Piece<'a>,
}

impl<'a> Form<'a> {
    /// A form without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a plain field.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.with(name, None, None, Piece::Text(value.into().into()))
    }

    /// The same with a whole file.
    #[must_use]
    pub fn file(self, name: &str, file_name: &str, item: &'a MediaItem) -> Self {
        let file = Piece::File(item, 0..item.size_bytes);
        self.with(name, Some(file_name), Some(&item.content_type), file)
    }

    /// The same with these bytes of a file, under the type of any bytes.
    #[must_use]
    pub fn part(self, name: &str, file_name: &str, item: &'a MediaItem, range: Range<u64>) -> Self {
        self.with(name, Some(file_name), Some("application/octet-stream"), Piece::File(item, range))
    }

    fn with(
        mut self,
        name: &str,
        file_name: Option<&str>,
        content_type: Option<&str>,
        value: Piece<'a>,
    ) -> Self {
        self.fields.push(Field {
            name: name.to_owned(),
            file_name: file_name.map(str::to_owned),
            content_type: content_type.map(str::to_owned),
            value,
        });
        self
    }

    /// The body. Its boundary is random: nothing in a file is likely to be the same 16 bytes.
    pub fn body(self, entropy: &dyn Entropy) -> Streamed<'a> {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        let boundary = format!("fanfare{:032x}", u128::from_le_bytes(random));
        let mut pieces = Vec::with_capacity(self.fields.len() * 2 + 1);
        let mut between = "";
        for field in self.fields {
            let mut head = format!("{between}--{boundary}\r\n");
            head.push_str(&field.head());
            pieces.push(Piece::Text(head.into()));
            pieces.push(field.value);
            between = "\r\n";
        }
        pieces.push(Piece::Text(format!("{between}--{boundary}--\r\n").into()));
        Streamed { content_type: format!("multipart/form-data; boundary={boundary}"), pieces }
    }
}

impl Field<'_> {
    fn head(&self) -> String {
        let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(&self.name));
        if let Some(name) = &self.file_name {
            let _ = write!(head, "; filename=\"{}\"", quoted(name));
        }
        if let Some(content_type) = &self.content_type {
            let _ = write!(head, "\r\nContent-Type: {}", quoted(content_type));
        }
        head.push_str("\r\n\r\n");
        head
    }
}

/// A text between quotes in a form's head, where a quote or a new line would end it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Cx<'_> {
    /// Sends a request that may be repeated with this body. The inner result is as that of
    /// [`Cx::send`].
    ///
    /// # Errors
    /// When a file cannot be read: the request broke off, and nothing took it for whole.
    pub async fn send_streamed(
        &self,
        request: Request,
        body: Streamed<'_>,
    ) -> Result<Result<Answer, SendError>, Failure> {
        let (feed, request) = fed(request, &body);
        while_feeding(self.media, body, feed, self.send(request)).await
    }

    /// The same as [`Cx::send_streamed`] for an address that a person entered.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn send_streamed_guarded(
        &self,
        request: Request,
        body: Streamed<'_>,
    ) -> Result<Result<Answer, SendError>, Failure> {
        let (feed, request) = fed(request, &body);
        while_feeding(self.media, body, feed, self.send_guarded(request)).await
    }
}

fn fed(request: Request, body: &Streamed<'_>) -> (Feed, Request) {
    let (feeder, content) = feed(body.size_bytes());
    (feeder, request.fed(content, &body.content_type))
}

/// Feeds a request while it is sent. It has a length, so that a platform that gets less of it than
/// that does not act on it.
async fn while_feeding(
    media: &dyn MediaSource,
    body: Streamed<'_>,
    feed: Feed,
    sending: impl Future<Output = Result<Answer, SendError>>,
) -> Result<Result<Answer, SendError>, Failure> {
    let feeding = async {
        // The request ends with the feed, or breaks off where a file could not be read.
        let feed = feed;
        for piece in body.pieces {
            let is_read = match piece {
                Piece::Text(text) => text.is_empty() || feed.push(text).await,
                Piece::File(item, range) => push_file(media, item, range, &feed).await?,
            };
            if !is_read {
                break;
            }
        }
        Ok(())
    };
    let (read, answer) = futures_util::future::join(feeding, sending).await;
    read.map(|()| answer)
}

/// Whether somebody still reads.
async fn push_file(
    media: &dyn MediaSource,
    item: &MediaItem,
    range: Range<u64>,
    feed: &Feed,
) -> Result<bool, Failure> {
    let mut at = range.start;
    while at < range.end {
        let piece = media.read(item.id, at, PIECE_BYTES.min(range.end - at)).await?;
        if piece.is_empty() {
            let public = "A media file of this post is shorter than it was; attach it again.";
            return Err(Failure::before_sending(Class::MediaFailed, public));
        }
        at += piece.len() as u64;
        if !feed.push(piece).await {
            return Ok(false);
        }
    }
    Ok(true)
}
