//! A call to the Threads API as its handlers see it. Parameters come in the query, as a form or as
//! JSON; the token in any of them or as a bearer; the version in front of the path or not at all.

use http::{HeaderMap, Method, header};
use serde_json::Value;

use super::errors::{ThreadsError, no_version};

/// The one version there is.
pub(super) const VERSION: &str = "v1.0";

/// One call.
pub(super) struct Ask {
    pub(super) method: Method,
    /// The path without the version.
    pub(super) segments: Vec<String>,
    params: Vec<(String, String)>,
    bearer: Option<String>,
}

impl Ask {
    /// Reads a call.
    pub(super) fn read(
        method: &Method,
        path: &str,
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, ThreadsError> {
        let mut segments: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        if let Some(first) = segments.first().filter(|first| is_version(first)) {
            if first != VERSION {
                return Err(no_version(first));
            }
            segments.remove(0);
        }
        let own = |pairs: url::form_urlencoded::Parse<'_>| {
            pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect::<Vec<_>>()
        };
        let mut params = own(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
        let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        if text(header::CONTENT_TYPE).unwrap_or_default().starts_with("application/json") {
            if let Ok(Value::Object(fields)) = serde_json::from_slice(body) {
                params.extend(fields.into_iter().map(|(name, value)| (name, flat(value))));
            }
        } else {
            params.extend(own(url::form_urlencoded::parse(body)));
        }
        let bearer = text(header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        Ok(Self { method: method.clone(), segments, params, bearer })
    }

    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.params.iter().find(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether a parameter is there, even if it is empty.
    pub(super) fn names(&self, name: &str) -> bool {
        self.params.iter().any(|(known, _)| known == name)
    }

    /// All parameters, in order.
    pub(super) fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// A parameter that says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// The token, wherever it is.
    pub(super) fn token(&self) -> Option<&str> {
        self.get("access_token").or(self.bearer.as_deref())
    }

    /// The path as something to match on.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The names in `fields`; what is in braces behind one belongs to it.
    pub(super) fn fields(&self) -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut depth = 0_usize;
        for letter in self.get("fields").unwrap_or_default().chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => fields.push(String::new()),
                _ if depth == 0 => fields.last_mut().into_iter().for_each(|field| field.push(letter)),
                _ => {}
            }
        }
        fields.into_iter().map(|field| field.trim().to_owned()).filter(|field| !field.is_empty()).collect()
    }
}

fn is_version(segment: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    segment
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| number(major) && number(minor))
}

fn flat(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Array(items) => items.into_iter().map(flat).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(path: &str, query: &str) -> Result<Ask, ThreadsError> {
        Ask::read(&Method::GET, path, Some(query), &HeaderMap::new(), b"")
    }

    #[test]
    fn the_version_may_be_left_out_and_any_other_is_refused() {
        for path in ["/v1.0/me/threads", "/me/threads/", "/me/threads"] {
            assert_eq!(ask(path, "").unwrap().path(), ["me", "threads"], "{path}");
        }
        assert!(ask("/v2.0/me", "").is_err());
        assert_eq!(ask("/v1beta/me", "").unwrap().path(), ["v1beta", "me"]);
    }

    #[test]
    fn fields_may_have_fields_of_their_own() {
        let ask = ask("/1", "fields=id,replied_to{id,text},owner").unwrap();
        assert_eq!(ask.fields(), ["id", "replied_to", "owner"]);
    }
}
