//! A Graph call, whichever way its parameters travel: query, form, multipart or JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, header};
use serde_json::Value;

use super::versions::is_version;
use crate::core::emulator::Call;

/// A call as the Graph API reads it.
#[derive(Debug, Clone)]
pub(crate) struct GraphRequest {
    /// The method, an overriding `method` parameter taken into account.
    pub(crate) method: Method,
    pub(crate) version: Option<String>,
    /// What follows the version. Doubled slashes count once.
    pub(crate) path: Vec<String>,
    /// In the order in which they came; those of the query first.
    pub(crate) params: Vec<(String, String)>,
    /// The files of a multipart body.
    pub(crate) files: Vec<(String, Bytes)>,
    /// The access token, from the parameter or the header.
    pub(crate) token: Option<String>,
}

impl GraphRequest {
    pub(crate) fn read(call: &Call<'_>) -> Self {
        let decode = |text: &str| {
            url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
                .next()
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let mut path: Vec<String> =
            call.path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let version = path.first().filter(|first| is_version(first)).cloned();
        if version.is_some() {
            path.remove(0);
        }
        let mut params = pairs(call.query.unwrap_or_default().as_bytes());
        let mut files = Vec::new();
        let header = |name: header::HeaderName| {
            call.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let kind = header(header::CONTENT_TYPE);
        if let Some(boundary) = boundary_of(kind) {
            for (name, is_file, value) in parts(call.body, boundary) {
                if is_file {
                    files.push((name, value));
                } else {
                    params.push((name, String::from_utf8_lossy(&value).into_owned()));
                }
            }
        } else if kind.starts_with("application/json") {
            if let Ok(Value::Object(fields)) = serde_json::from_slice(call.body) {
                params.extend(fields.into_iter().map(|(name, value)| match value {
                    Value::String(text) => (name, text),
                    other => (name, other.to_string()),
                }));
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            params.extend(pairs(call.body));
        }
        let authorization = header(header::AUTHORIZATION);
        // The OAuth libraries of public clients name the app so.
        if let Some((app, secret)) = authorization.strip_prefix("Basic ").and_then(app_of) {
            params.extend([("client_id".to_owned(), app), ("client_secret".to_owned(), secret)]);
        }
        let named =
            |wanted: &str| params.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let carried = ["Bearer ", "OAuth "].iter().find_map(|scheme| authorization.strip_prefix(scheme));
        let token = named("access_token").cloned().or_else(|| carried.map(str::to_owned));
        let method = match named("method").map(|method| method.to_lowercase()).as_deref() {
            Some("delete") if *call.method == Method::POST => Method::DELETE,
            Some("get") if *call.method == Method::POST => Method::GET,
            _ => call.method.clone(),
        };
        Self { method, version, path, params, files, token }
    }

    /// The last value of a parameter.
    pub(crate) fn get(&self, wanted: &str) -> Option<&str> {
        self.params.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn all(&self, wanted: &str) -> Vec<String> {
        self.params.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
    }

    /// A parameter without white space at its ends, unless that leaves nothing.
    pub(crate) fn text(&self, wanted: &str) -> Option<&str> {
        self.get(wanted).map(str::trim).filter(|text| !text.is_empty())
    }

    pub(crate) fn flag(&self, wanted: &str) -> Option<bool> {
        Some(!matches!(self.get(wanted)?, "false" | "0" | ""))
    }

    /// A list: one JSON array, or values under `name[0]`, `name[1]`, ….
    pub(crate) fn list(&self, wanted: &str) -> Vec<Value> {
        if let Some(Ok(Value::Array(entries))) = self.get(wanted).map(serde_json::from_str) {
            return entries;
        }
        let is_entry = |name: &str| name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('['));
        self.params
            .iter()
            .filter(|(name, _)| is_entry(name))
            .map(|(_, value)| serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone())))
            .collect()
    }

    /// Names: a text with commas, or a list.
    pub(crate) fn names(&self, wanted: &str) -> Vec<String> {
        let listed = self.list(wanted);
        if !listed.is_empty() {
            return listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        let text = self.text(wanted).unwrap_or_default();
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    pub(crate) fn file(&self, wanted: &str) -> Option<&Bytes> {
        self.files.iter().find(|(name, _)| name == wanted).map(|(_, bytes)| bytes)
    }

    /// The path as words, for matching.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

fn app_of(basic: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    text.split_once(':').map(|(app, secret)| (app.to_owned(), secret.to_owned()))
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn boundary_of(kind: &str) -> Option<&str> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    Some(rest.split_once("boundary=")?.1.split(';').next()?.trim().trim_matches('"'))
}

/// Name, whether it is a file, and value of each part of a multipart body.
fn parts(body: &Bytes, boundary: &str) -> Vec<(String, bool, Bytes)> {
    let mark = format!("\r\n--{boundary}");
    let mut found = Vec::new();
    // The first boundary has no line before it.
    let Some(mut at) = body.starts_with(&mark.as_bytes()[2..]).then(|| mark.len() - 2) else { return found };
    while body[at..].starts_with(b"\r\n") {
        let Some(head_end) = find(&body[at..], b"\r\n\r\n").map(|end| at + end) else { break };
        let value_at = head_end + 4;
        let Some(end) = find(&body[value_at..], mark.as_bytes()).map(|end| value_at + end) else { break };
        let head = String::from_utf8_lossy(&body[at..head_end]).into_owned();
        if let Some(name) = attribute(&head, "name") {
            found.push((name, attribute(&head, "filename").is_some(), body.slice(value_at..end)));
        }
        at = end + mark.len();
    }
    found
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(step) = text[from..].iter().position(|byte| *byte == wanted[0]) {
        from += step;
        if text[from..].starts_with(wanted) {
            return Some(from);
        }
        from += 1;
    }
    None
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition"))?;
    let start = line.find(&format!("; {name}=\""))? + name.len() + 4;
    Some(line[start..].split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn read(path: &str, query: Option<&str>, kind: &'static str, body: &str) -> GraphRequest {
        read_as("OAuth t", path, query, kind, body)
    }

    fn read_as(
        who: &'static str,
        path: &str,
        query: Option<&str>,
        kind: &'static str,
        body: &str,
    ) -> GraphRequest {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        headers.insert(header::AUTHORIZATION, who.parse().unwrap());
        let body = Bytes::from(body.to_owned());
        let call = Call {
            host: "graph.facebook.com",
            method: &Method::POST,
            path,
            query,
            headers: &headers,
            body: &body,
        };
        GraphRequest::read(&call)
    }

    #[test]
    fn parameters_arrive_in_every_way() {
        let form = read(
            "//v26.0//1/feed/",
            Some("a=1"),
            "application/x-www-form-urlencoded",
            "m=x+y%26&l[0]=%7B%22k%22%3A1%7D",
        );
        assert_eq!((form.version.as_deref(), form.segments()), (Some("v26.0"), vec!["1", "feed"]));
        assert_eq!(
            (form.get("a"), form.get("m"), form.token.as_deref()),
            (Some("1"), Some("x y&"), Some("t"))
        );
        assert_eq!(form.list("l"), [serde_json::json!({"k": 1})]);
        for query in ["names=a,+b", "names=[%22a%22,%22b%22]", "names[0]=a&names[1]=b"] {
            let named = read("/1/insights", Some(query), "text/plain", "");
            assert_eq!(named.names("names"), ["a", "b"], "{query}");
        }
        let json = read(
            "/me",
            None,
            "application/json",
            r#"{"n": 5, "l": [1], "access_token": "u", "method": "delete"}"#,
        );
        assert_eq!(
            (json.get("n"), json.token.as_deref(), &json.method),
            (Some("5"), Some("u"), &Method::DELETE)
        );
        assert_eq!(json.list("l"), [serde_json::json!(1)]);
        let body = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B\r\n\
                    Content-Disposition: form-data; name=\"source\"; filename=\"f\"\r\nContent-Type: image/png\r\n\r\n\r\n-\r\n--B--\r\n";
        let multipart = read("/1/photos", None, "multipart/form-data; boundary=B", body);
        assert_eq!(multipart.get("a"), Some("x"));
        assert_eq!(multipart.file("source").map(AsRef::as_ref), Some(&b"\r\n-"[..]));
    }

    #[test]
    fn an_app_may_name_itself_in_a_basic_header() {
        let form = "application/x-www-form-urlencoded";
        let call = read_as("Basic MTAwOnM6M2M=", "/oauth/access_token", None, form, "code=c");
        assert_eq!((call.get("client_id"), call.get("client_secret")), (Some("100"), Some("s:3c")));
        assert_eq!((call.get("code"), call.token.as_deref()), (Some("c"), None));
        let torn = read_as("Basic ?", "/oauth/access_token", None, form, "client_id=1");
        assert_eq!(torn.get("client_id"), Some("1"));
    }
}
