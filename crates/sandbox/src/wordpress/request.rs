//! A call of the REST API: its route, its parameters from query and body, who makes it; and the
//! answer to one.

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::Place;
use super::errors::{RestError, invalid_param, not_allowed, plain};
use super::state::User;
use crate::core::emulator::Call;

/// A call.
pub(super) struct Ask<'a> {
    pub(super) method: &'a str,
    pub(super) route: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a Bytes,
    pub(super) caller: Option<User>,
    /// Name and content of the file of a form.
    pub(super) file: Option<(String, Bytes)>,
    params: Map<String, Value>,
}

/// What a form with a file holds.
#[derive(Default)]
pub(super) struct Form {
    file: Option<(String, Bytes)>,
    fields: Map<String, Value>,
}

impl Form {
    /// Reads the body, if it is such a form. One that breaks off holds what came before.
    pub(super) async fn read(parts: &Parts, body: &Bytes) -> Self {
        let mut form = Self::default();
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let Ok(mut fields) = Multipart::from_request(request, &()).await else { return form };
        while let Ok(Some(field)) = fields.next_field().await {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let Ok(content) = field.bytes().await else { break };
            match file_name {
                Some(file_name) if name == "file" => form.file = Some((file_name, content)),
                Some(_) => {}
                None => {
                    let text = String::from_utf8_lossy(&content).into_owned();
                    form.fields.insert(name, Value::String(text));
                }
            }
        }
        form
    }
}

/// The route of a call to the API; `None` for a page of the site.
pub(super) fn route(call: &Call<'_>, plain_only: bool) -> Option<String> {
    if let Some(rest) = call.path.strip_prefix("/wp-json").filter(|_| !plain_only)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        return Some(if rest.is_empty() { "/".to_owned() } else { rest.to_owned() });
    }
    if !matches!(call.path, "/" | "/index.php") {
        return None;
    }
    let query = call.query.unwrap_or_default().as_bytes();
    url::form_urlencoded::parse(query)
        .find(|(name, _)| name == "rest_route")
        .map(|(_, route)| route.into_owned())
}

impl<'a> Ask<'a> {
    pub(super) fn read(
        place: Place<'_>,
        call: &Call<'a>,
        sent: Form,
        route: &'a str,
    ) -> Result<Self, RestError> {
        let mut params = Map::new();
        form(call.query.unwrap_or_default().as_bytes(), &mut params);
        let kind =
            call.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("application/json") && !call.body.is_empty() {
            let body: Value = serde_json::from_slice(call.body).map_err(|_| {
                plain(StatusCode::BAD_REQUEST, "rest_invalid_json", "Invalid JSON body passed.")
            })?;
            if let Value::Object(members) = body {
                params.extend(members);
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            form(call.body, &mut params);
        }
        params.extend(sent.fields);
        let file = sent.file;
        let caller = place.wordpress.caller(place.site, call.headers);
        Ok(Self {
            method: call.method.as_str(),
            route,
            headers: call.headers,
            body: call.body,
            caller,
            file,
            params,
        })
    }

    /// A parameter.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.params.get(name)
    }

    /// A parameter that is a text, or the `raw` text in an object.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        let value = value.get("raw").unwrap_or(value);
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A parameter that is a list, or a text with commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| {
                    item.as_str().map(str::to_owned).or_else(|| Some(item.as_u64()?.to_string()))
                })
                .collect(),
            Some(Value::String(text)) => text.split(',').map(|part| part.trim().to_owned()).collect(),
            Some(Value::Number(number)) => vec![number.to_string()],
            _ => Vec::new(),
        }
    }

    /// A parameter that is a list of ids.
    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<u64>>, RestError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        if !matches!(value, Value::Array(_) | Value::String(_) | Value::Number(_)) {
            return Err(invalid_param(name, &format!("{name} is not of type array.")));
        }
        let list = self.list(name).into_iter().filter(|item| !item.is_empty());
        let wrong = |at: usize| invalid_param(name, &format!("{name}[{at}] is not of type integer."));
        let read = |(at, item): (usize, String)| item.parse().map_err(|_| wrong(at));
        list.enumerate().map(read).collect::<Result<Vec<u64>, RestError>>().map(Some)
    }

    /// A parameter that is one of these words.
    pub(super) fn word(&self, name: &str, words: &[&str]) -> Result<Option<String>, RestError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        if let Some(word) = value.as_str().filter(|word| words.contains(word)) {
            return Ok(Some(word.to_owned()));
        }
        let (last, others) = words.split_last().unwrap_or((&"", &[]));
        let what = format!("{name} is not one of {}, and {last}.", others.join(", "));
        Err(invalid_param(name, &what))
    }

    /// Whether the caller may do this.
    pub(super) fn may(&self, what: &str) -> bool {
        self.caller.as_ref().is_some_and(|user| user.may(what))
    }

    /// Refused, as somebody or as nobody.
    pub(super) fn refused(&self, code: &'static str, message: &str) -> RestError {
        not_allowed(self.caller.as_ref(), code, message)
    }
}

fn form(text: &[u8], params: &mut Map<String, Value>) {
    for (name, value) in url::form_urlencoded::parse(text) {
        match name.strip_suffix("[]") {
            Some(name) => {
                let list = params.entry(name.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(items) = list {
                    items.push(Value::String(value.into_owned()));
                }
            }
            None => {
                params.insert(name.into_owned(), Value::String(value.into_owned()));
            }
        }
    }
}

/// An answer.
pub(super) struct Reply {
    status: StatusCode,
    value: Value,
    headers: Vec<(HeaderName, String)>,
}

impl Reply {
    pub(super) fn ok(value: Value) -> Self {
        Self { status: StatusCode::OK, value, headers: Vec::new() }
    }

    /// Something that was made, and where it is.
    pub(super) fn created(value: Value, location: String) -> Self {
        Self { status: StatusCode::CREATED, value, headers: vec![(header::LOCATION, location)] }
    }

    /// A page of a list.
    pub(super) fn page(ask: &Ask<'_>, all: Vec<Value>) -> Result<Self, RestError> {
        let number = |name: &str, usual: usize| match ask.text(name) {
            None => Ok(usual),
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| (1..=100).contains(number))
                .ok_or_else(|| invalid_param(name, &format!("{name} must be between 1 and 100"))),
        };
        let (size, page) = (number("per_page", 10)?, number("page", 1)?);
        let total = all.len();
        let shown = all.into_iter().skip((page - 1) * size).take(size).collect();
        let headers = vec![
            (HeaderName::from_static("x-wp-total"), total.to_string()),
            (HeaderName::from_static("x-wp-totalpages"), total.div_ceil(size).to_string()),
        ];
        Ok(Self { status: StatusCode::OK, value: Value::Array(shown), headers })
    }

    /// Only the fields that were asked for.
    pub(super) fn with_fields(mut self, fields: Option<&str>) -> Self {
        let Some(fields) = fields else { return self };
        let wanted: Vec<&str> =
            fields.split(',').map(|name| name.trim().split('.').next().unwrap_or_default()).collect();
        let filter = |value: &mut Value| {
            if let Value::Object(members) = value {
                members.retain(|name, _| wanted.contains(&name.as_str()));
            }
        };
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(filter),
            one => filter(one),
        }
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.value)).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
