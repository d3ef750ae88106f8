//! A call to TikTok as its handlers see it.

use bytes::Bytes;
use http::request::Parts;
use http::{Method, header};
use serde_json::{Map, Value};

use super::errors::{Refused, parameter};

/// One call.
pub(super) struct Ask {
    pub(super) method: Method,
    /// With the slash at its end, which belongs to it.
    pub(super) path: String,
    query: Vec<(String, String)>,
    pub(super) bearer: Option<String>,
    content_type: String,
    body: Bytes,
}

impl Ask {
    pub(super) fn read(parts: &Parts, body: Bytes) -> Self {
        Self::of(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers, body)
    }

    pub(super) fn of(
        method: &Method,
        path: &str,
        query: Option<&str>,
        headers: &http::HeaderMap,
        body: Bytes,
    ) -> Self {
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = text(header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        let content_type = text(header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        Self {
            method: method.clone(),
            path: path.to_owned(),
            query: pairs(query.unwrap_or_default().as_bytes()),
            bearer,
            content_type,
            body,
        }
    }

    /// A parameter of the address that is there, even if it is empty.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the address that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.named(name).filter(|value| !value.is_empty())
    }

    /// All parameters of the address, in order.
    pub(super) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The names in `fields`.
    pub(super) fn fields(&self) -> Vec<&str> {
        let fields = self.get("fields").unwrap_or_default();
        fields.split(',').map(str::trim).filter(|field| !field.is_empty()).collect()
    }

    /// The form in the body; anything but a form has no fields.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let is_form = self.content_type.starts_with("application/x-www-form-urlencoded");
        if is_form { pairs(&self.body) } else { Vec::new() }
    }

    /// The object in the body. An empty body is an empty object.
    pub(super) fn json(&self) -> Result<Map<String, Value>, Refused> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        if !self.content_type.starts_with("application/json") {
            return Err(parameter("The Content-Type must be application/json; charset=UTF-8."));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(parameter("The body is not a JSON object.")),
        }
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    let own = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        (name.into_owned(), value.into_owned())
    };
    url::form_urlencoded::parse(text).map(own).collect()
}

/// Typed looks into a JSON object.
pub(super) struct Object<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Object<'a> {
    /// An object that has to be there.
    pub(super) fn object(&self, name: &str) -> Result<Object<'a>, Refused> {
        let found = self.0.get(name).and_then(Value::as_object);
        found.map(Object).ok_or_else(|| parameter(&format!("{name} is required.")))
    }

    /// A text, if it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(parameter(&format!("{name} must be a string."))),
        }
    }

    /// A yes or no; no if it is not there.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(parameter(&format!("{name} must be a boolean."))),
        }
    }

    /// A whole number, if it is there.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64();
                number.map(Some).ok_or_else(|| parameter(&format!("{name} must be a whole number.")))
            }
        }
    }
}
