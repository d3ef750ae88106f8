//! What a post may carry: pictures, a film, a document, a link card, a poll.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{LiError, invalid};
use super::state::{Asset, LinkedIn};
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The field `content` of a post; exactly one part is given.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Content {
    media: Option<Piece>,
    multi_image: Option<MultiImage>,
    article: Option<Article>,
    poll: Option<Poll>,
    reference: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Piece {
    id: String,
    title: Option<String>,
    alt_text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MultiImage {
    images: Vec<Piece>,
}

#[derive(Deserialize)]
struct Article {
    source: Option<String>,
    title: Option<String>,
    description: Option<String>,
    thumbnail: Option<String>,
}

#[derive(Deserialize)]
struct Poll {
    question: String,
    options: Vec<PollOption>,
    settings: PollSettings,
}

#[derive(Deserialize)]
struct PollOption {
    text: String,
}

#[derive(Deserialize)]
struct PollSettings {
    duration: String,
}

/// What readers see of the content.
#[derive(Default)]
pub(super) struct Carried {
    pub(super) media: Vec<PublicMedia>,
    pub(super) extra: serde_json::Map<String, Value>,
    /// Whether LinkedIn files the post as `ugcPost` in place of `share`.
    pub(super) is_ugc: bool,
}

impl LinkedIn {
    /// Checks the content of a post by `author`.
    pub(super) fn carried(&self, content: &Content, author: &str) -> Result<Carried, LiError> {
        let given = [
            content.media.is_some(),
            content.multi_image.is_some(),
            content.article.is_some(),
            content.poll.is_some(),
            content.reference.is_some(),
        ];
        if given.iter().filter(|part| **part).count() != 1 {
            let description = "content holds exactly one of media, multiImage, article, poll, reference";
            return Err(invalid(UNPROCESSABLE, "content", "FIELD_VALUE_INVALID", description));
        }
        let mut carried = Carried::default();
        if let Some(piece) = &content.media {
            self.carry_single(piece, author, &mut carried)?;
        }
        if let Some(many) = &content.multi_image {
            if !(2..=20).contains(&many.images.len()) {
                let description = "multiImage takes 2 to 20 images";
                return Err(invalid(UNPROCESSABLE, "content/multiImage", "FIELD_VALUE_INVALID", description));
            }
            for piece in &many.images {
                let asset = self.usable(&piece.id, author, "content/multiImage/images")?;
                if asset.kind != "image" {
                    let description = "multiImage takes images only";
                    return Err(invalid(UNPROCESSABLE, "content/multiImage", "INVALID_VALUE", description));
                }
                carried.media.push(self.public_media(&asset, piece.alt_text.clone())?);
            }
        }
        if let Some(article) = &content.article {
            self.carry_article(article, author, &mut carried)?;
        }
        if let Some(poll) = &content.poll {
            carry_poll(poll, &mut carried)?;
        }
        Ok(carried)
    }

    fn carry_single(&self, piece: &Piece, author: &str, carried: &mut Carried) -> Result<(), LiError> {
        let asset = self.usable(&piece.id, author, "content/media/id")?;
        if asset.kind == "document" && piece.title.as_deref().unwrap_or_default().is_empty() {
            let description = "title is required for documents";
            return Err(invalid(UNPROCESSABLE, "content/media/title", "MISSING_FIELD", description));
        }
        carried.is_ugc = asset.kind == "video";
        if let Some(title) = &piece.title {
            carried.extra.insert("title".to_owned(), json!(title));
        }
        carried.media.push(self.public_media(&asset, piece.alt_text.clone())?);
        Ok(())
    }

    fn carry_article(&self, article: &Article, author: &str, carried: &mut Carried) -> Result<(), LiError> {
        let source = required(article.source.as_deref(), "content/article/source")?;
        let title = required(article.title.as_deref(), "content/article/title")?;
        let is_link = url::Url::parse(source).is_ok_and(|link| matches!(link.scheme(), "http" | "https"));
        if !is_link {
            let description = "source is not an absolute URL";
            return Err(invalid(UNPROCESSABLE, "content/article/source", "INVALID_VALUE", description));
        }
        let description = article.description.as_deref().unwrap_or_default();
        for (field, text, limit) in [("title", title, 400), ("description", description, 4_086)] {
            if text.encode_utf16().count() >= limit {
                let said = format!("{field} has {limit} characters or more");
                let field = format!("content/article/{field}");
                return Err(invalid(StatusCode::BAD_REQUEST, &field, "FIELD_LENGTH_TOO_LONG", &said));
            }
        }
        let mut card = json!({"source": source, "title": title, "description": description});
        if let Some(thumbnail) = &article.thumbnail {
            let asset = self.usable(thumbnail, author, "content/article/thumbnail")?;
            card["thumbnail"] = json!(thumbnail);
            card["thumbnail_sha256"] = json!(asset.sha256);
        }
        carried.extra.insert("article".to_owned(), card);
        Ok(())
    }

    /// The asset with this URN, if it is the author's and usable.
    fn usable(&self, urn: &str, author: &str, field: &str) -> Result<Asset, LiError> {
        let refuse = |description: &str| {
            invalid(StatusCode::BAD_REQUEST, field, "INVALID_VALUE", &format!("{urn} {description}"))
        };
        let asset = self.assets.get(urn).ok_or_else(|| refuse("does not exist"))?;
        if asset.owner != author {
            return Err(refuse("is not owned by the author"));
        }
        match asset.status(self.world.now()) {
            "AVAILABLE" => Ok(asset),
            // Pictures may be posted while they are processed, as member apps cannot ask.
            "PROCESSING" if asset.kind != "video" && !asset.fails => Ok(asset),
            "PROCESSING_FAILED" => Err(refuse("could not be processed")),
            _ => Err(refuse("is not ready to be posted")),
        }
    }

    fn public_media(&self, asset: &Asset, alt: Option<String>) -> Result<PublicMedia, LiError> {
        if alt.as_ref().is_some_and(|alt| alt.encode_utf16().count() > 4_086) {
            let description = "altText has more than 4086 characters";
            let code = "FIELD_LENGTH_TOO_LONG";
            return Err(invalid(StatusCode::BAD_REQUEST, "content/media/altText", code, description));
        }
        let sha256 = asset.sha256.clone().unwrap_or_default();
        let bytes = self.world.blobs.get(&sha256).unwrap_or_default();
        Ok(PublicMedia { media_type: sniff(&bytes).to_owned(), size_bytes: bytes.len() as u64, sha256, alt })
    }
}

fn carry_poll(poll: &Poll, carried: &mut Carried) -> Result<(), LiError> {
    let fits = |text: &str, limit: usize| (1..=limit).contains(&text.encode_utf16().count());
    let is_right = fits(&poll.question, 140)
        && (2..=4).contains(&poll.options.len())
        && poll.options.iter().all(|option| fits(&option.text, 30))
        && ["ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"]
            .contains(&poll.settings.duration.as_str());
    if !is_right {
        let description =
            "a poll has a question up to 140 characters, 2 to 4 options up to 30, and a duration";
        return Err(invalid(UNPROCESSABLE, "content/poll", "FIELD_VALUE_INVALID", description));
    }
    let options: Vec<&str> = poll.options.iter().map(|option| option.text.as_str()).collect();
    let shown = json!({"question": poll.question, "options": options, "duration": poll.settings.duration});
    carried.extra.insert("poll".to_owned(), shown);
    Ok(())
}

fn required<'a>(value: Option<&'a str>, field: &str) -> Result<&'a str, LiError> {
    let given = value.filter(|text| !text.is_empty());
    given.ok_or_else(|| invalid(UNPROCESSABLE, field, "MISSING_FIELD", "the field is required"))
}
