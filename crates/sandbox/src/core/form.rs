//! The parameters of a call that may travel in several ways: query, form, multipart or JSON.

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart};
use bytes::Bytes;
use http::{Request, header};
use serde_json::{Map, Value};

/// What a call carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    /// Parameters by name. What came as text is a text here, whatever it stands for.
    pub(crate) fields: Map<String, Value>,
    /// Files, in the order in which they came.
    pub(crate) files: Vec<FilePart>,
}

/// A file of a multipart body.
#[derive(Clone, Debug)]
pub(crate) struct FilePart {
    /// The name of its field.
    pub(crate) name: String,
    /// The name of the file.
    pub(crate) file_name: String,
    pub(crate) bytes: Bytes,
}

impl Form {
    /// Reads query and body.
    ///
    /// # Errors
    /// In words: what is wrong with the body.
    pub(crate) async fn read(request: Request<Body>) -> Result<Self, String> {
        let mut form = Self::default();
        form.take_pairs(request.uri().query().unwrap_or_default().as_bytes());
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            let torn = |error: &dyn std::fmt::Display| error.to_string();
            let mut parts = Multipart::from_request(request, &()).await.map_err(|error| torn(&error))?;
            while let Some(part) = parts.next_field().await.map_err(|error| torn(&error))? {
                let name = part.name().unwrap_or_default().to_owned();
                let file_name = part.file_name().map(str::to_owned);
                let bytes = part.bytes().await.map_err(|error| torn(&error))?;
                if let Some(file_name) = file_name {
                    form.files.push(FilePart { name, file_name, bytes });
                } else {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    form.fields.insert(name, Value::String(text));
                }
            }
            return Ok(form);
        }
        let body = Bytes::from_request(request, &()).await.map_err(|error| error.to_string())?;
        if kind.starts_with("application/json") && !body.is_empty() {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(fields)) => form.fields.extend(fields),
                Ok(_) => return Err("the body is no object".to_owned()),
                Err(error) => return Err(error.to_string()),
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            form.take_pairs(&body);
        }
        Ok(form)
    }

    fn take_pairs(&mut self, text: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(text) {
            self.fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// A parameter that says something.
    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null() && *value != "")
    }

    /// A parameter as text; numbers and the like as they are written.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        Some(match self.get(name)? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// A whole number, written as one or as text.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A switch, written as one or as text.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"))
    }

    /// A nested value, which in a form is JSON in a text. `None` where it is neither.
    pub(crate) fn nested(&self, name: &str) -> Option<Value> {
        match self.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }

    /// The file of this field.
    pub(crate) fn file(&self, name: &str) -> Option<&FilePart> {
        self.files.iter().find(|file| file.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(kind: &str, body: &str) -> Form {
        let request = Request::post("/send?a=1&n=7").header("content-type", kind);
        Form::read(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn parameters_arrive_in_every_way() {
        let multipart = "--B\r\nContent-Disposition: form-data; name=\"yes\"\r\n\r\ntrue\r\n--B\r\n\
             Content-Disposition: form-data; name=\"nested\"\r\n\r\n{\"k\":1}\r\n--B\r\n\
             Content-Disposition: form-data; name=\"f0\"; filename=\"a.png\"\r\n\r\n\r\n-\r\n--B--\r\n";
        for form in [
            read("multipart/form-data; boundary=B", multipart).await,
            read("application/x-www-form-urlencoded", "yes=true&nested=%7B%22k%22%3A1%7D").await,
            read("application/json", r#"{"yes":true,"nested":{"k":1},"none":null}"#).await,
        ] {
            assert_eq!((form.text("a").as_deref(), form.number("n")), (Some("1"), Some(7)));
            assert!(form.flag("yes") && !form.flag("no") && form.text("none").is_none());
            assert_eq!(form.nested("nested"), Some(serde_json::json!({"k": 1})));
            if let Some(file) = form.file("f0") {
                assert_eq!((file.file_name.as_str(), file.bytes.as_ref()), ("a.png", &b"\r\n-"[..]));
            }
        }
    }

    #[tokio::test]
    async fn a_body_that_is_no_object_is_refused() {
        for body in ["[1]", "{"] {
            let request = Request::post("/").header("content-type", "application/json");
            let read = Form::read(request.body(Body::from(body)).unwrap()).await;
            assert!(read.is_err(), "{body}");
        }
    }
}
