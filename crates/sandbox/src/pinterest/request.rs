//! What a call asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use serde_json::{Map, Value};

use super::errors::{PinterestError, invalid};

/// A call.
pub(super) struct Ask {
    pub(super) method: Method,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    authorization: String,
    body: Bytes,
}

impl Ask {
    pub(super) fn read(
        method: &Method,
        path: &str,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        Self {
            method: method.clone(),
            segments: path.trim_matches('/').split('/').map(str::to_owned).collect(),
            query: pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            authorization: authorization.unwrap_or_default().to_owned(),
            body,
        }
    }

    /// The path as something to match on.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// A parameter of the address that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether a parameter is there, even if it is empty.
    pub(super) fn names(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| known == name)
    }

    /// The token that the call carries.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The id and secret of the app that calls.
    pub(super) fn basic(&self) -> Option<(String, String)> {
        let text = self.authorization.strip_prefix("Basic ")?;
        let decoded = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
        decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
    }

    /// A field of a form.
    pub(super) fn form(&self, name: &str) -> Option<String> {
        field(&self.body, name)
    }

    /// The JSON object of the body.
    pub(super) fn json(&self) -> Result<Map<String, Value>, PinterestError> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(invalid("the body is not a JSON object")),
        }
    }

    /// The size of a page and where it begins.
    pub(super) fn page(&self) -> Result<(usize, usize), PinterestError> {
        let size = self.get("page_size").map_or(Ok(25), str::parse::<usize>);
        let size = size.ok().filter(|size| (1..=250).contains(size));
        let size = size.ok_or_else(|| invalid("page_size must be an integer from 1 to 250"))?;
        let start = match self.get("bookmark") {
            None => Some(0),
            Some(bookmark) => STANDARD
                .decode(bookmark)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .and_then(|text| text.strip_prefix("from:")?.parse().ok()),
        };
        Ok((size, start.ok_or_else(|| invalid("bookmark is not one of ours"))?))
    }
}

/// A field of a form that is there and not empty.
pub(super) fn field(body: &[u8], name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(body);
    fields
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// One page of a list, with the bookmark that leads on, or null at the end.
pub(super) fn paged(items: Vec<Value>, (size, start): (usize, usize)) -> Value {
    let total = items.len();
    let page: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    let end = start + page.len();
    let bookmark = (end < total).then(|| STANDARD.encode(format!("from:{end}")));
    serde_json::json!({ "items": page, "bookmark": bookmark })
}
