//! What a call asks for, however it was encoded: JSON, a form, or a form with files. Names such as
//! `poll[options][]` become the objects and lists that JSON has.

use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Map, Value};

use super::errors::{MastodonError, plain};

/// A call.
pub(super) struct Ask {
    pub(super) method: Method,
    segments: Vec<String>,
    fields: Map<String, Value>,
    files: Vec<(String, Bytes)>,
    bearer: Option<String>,
    key: Option<String>,
}

impl Ask {
    pub(super) async fn read(
        method: &Method,
        path: &str,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Self, MastodonError> {
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let kind = text(header::CONTENT_TYPE).unwrap_or_default();
        let (mut fields, mut files) = (Map::new(), Vec::new());
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            insert(&mut fields, &name, value.into_owned());
        }
        let unreadable = || plain(StatusCode::BAD_REQUEST, "Error occurred while parsing request parameters");
        if kind.starts_with("application/json") {
            if !body.is_empty() {
                match serde_json::from_slice(&body) {
                    Ok(Value::Object(given)) => fields.extend(given),
                    _ => return Err(unreadable()),
                }
            }
        } else if kind.starts_with("multipart/form-data") {
            let mut request = Request::new(axum::body::Body::from(body));
            *request.headers_mut() = headers.clone();
            // What is too large is refused by the file's own limit.
            DefaultBodyLimit::disable().apply(&mut request);
            let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
            while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
                let name = part.name().unwrap_or_default().to_owned();
                let is_file = part.file_name().is_some();
                let bytes = part.bytes().await.map_err(|_| unreadable())?;
                if is_file {
                    files.push((name, bytes));
                } else {
                    insert(&mut fields, &name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        } else {
            for (name, value) in url::form_urlencoded::parse(&body) {
                insert(&mut fields, &name, value.into_owned());
            }
        }
        let bearer = text(header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        let segments = path.trim_matches('/').split('/').map(str::to_owned).collect();
        let key = key.filter(|key| !key.is_empty()).map(str::to_owned);
        Ok(Self { method: method.clone(), segments, fields, files, bearer, key })
    }

    /// The path as something to match on.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// A value that is there and not null.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A text that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether a field is there, even if it is empty.
    pub(super) fn names(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A field that says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(is_true)
    }

    /// The texts of a list, or the one text.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.value(name).map(texts).unwrap_or_default()
    }

    /// An uploaded file.
    pub(super) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes)
    }

    /// The token that the call carries.
    pub(super) fn token(&self) -> Option<&str> {
        self.bearer.as_deref().or_else(|| self.text("access_token"))
    }

    /// The key under which a status is sent once.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

/// The ways to say yes.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "f" | "F" | "false" | "FALSE" | "off"),
        Value::Number(number) => number.as_i64() != Some(0),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The texts of a list, or the one text. Numbers are taken for their digits.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
    }
}

/// Adds a form's field. `a[b]` is a member, `a[]` an item; of a name that comes twice the last counts.
fn insert(fields: &mut Map<String, Value>, name: &str, value: String) {
    let (head, rest) = name.split_once('[').map_or((name, ""), |(head, rest)| (head, rest));
    let Some((inner, deeper)) = rest.split_once(']') else {
        fields.insert(head.to_owned(), Value::String(value));
        return;
    };
    if inner.is_empty() {
        match fields.entry(head).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => items.push(Value::String(value)),
            other => *other = Value::Array(vec![Value::String(value)]),
        }
        return;
    }
    let member = fields.entry(head).or_insert_with(|| Value::Object(Map::new()));
    if !member.is_object() {
        *member = Value::Object(Map::new());
    }
    if let Value::Object(members) = member {
        insert(members, &format!("{inner}{deeper}"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn forms_and_json_say_the_same() {
        let form = "status=Rye&media_ids[]=1&media_ids%5B%5D=2&poll[options][]=a&poll[options][]=b&poll[expires_in]=300";
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let read = async |headers: &HeaderMap, body: String| {
            Ask::read(&Method::POST, "/api/v1/statuses/", None, headers, body.into()).await.unwrap()
        };
        let by_form = read(&headers, form.to_owned()).await;
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        let body = json!({"status": "Rye", "media_ids": ["1", "2"], "poll": {"options": ["a", "b"], "expires_in": "300"}});
        let by_json = read(&headers, body.to_string()).await;
        assert_eq!(by_form.fields, by_json.fields);
        assert_eq!(by_form.path(), ["api", "v1", "statuses"]);
        assert_eq!(by_form.texts("media_ids"), ["1", "2"]);
    }
}
