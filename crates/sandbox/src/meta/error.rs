//! The Graph API's refusals: one envelope, told apart by code and subcode and not by status.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::core::dispatch::internal;
use crate::core::emulator::Refusal;
use crate::core::entropy::Entropy;
use crate::core::error::SandboxError;

/// A refusal.
#[derive(Debug)]
pub(crate) struct GraphError {
    pub(crate) status: StatusCode,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) is_transient: bool,
    /// Title and text for the person who uses the app.
    pub(crate) user: Option<Box<(String, String)>>,
    pub(crate) data: Option<Box<Value>>,
    /// Usage headers that say what is used up.
    pub(crate) usage: Option<(&'static str, String)>,
    /// The sandbox itself failed.
    pub(crate) sandbox: Option<Box<SandboxError>>,
}

impl From<SandboxError> for GraphError {
    fn from(error: SandboxError) -> Self {
        Self { sandbox: Some(Box::new(error)), ..Self::new(1, "An unknown error occurred") }
    }
}

impl GraphError {
    /// Status 400 and the usual type.
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            subcode: None,
            kind: "OAuthException",
            message: message.into(),
            is_transient: false,
            user: None,
            data: None,
            usage: None,
            sandbox: None,
        }
    }

    /// A parameter is wrong.
    pub(crate) fn invalid(what: &str) -> Self {
        Self::new(100, format!("(#100) {what}"))
    }

    /// There is no such object, or the token may not see it.
    pub(crate) fn unsupported(method: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation.",
            method.to_lowercase()
        );
        Self { kind: "GraphMethodException", ..Self::new(100, message).subcode(33) }
    }

    /// A permission was not granted.
    pub(crate) fn permission(scope: &str) -> Self {
        let message = format!("(#200) Requires {scope} permission to manage the object");
        Self { status: StatusCode::FORBIDDEN, ..Self::new(200, message) }
    }

    /// The access token is no good.
    pub(crate) fn token(subcode: i64, why: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            ..Self::new(190, format!("Error validating access token: {why}")).subcode(subcode)
        }
    }

    #[must_use]
    pub(crate) fn subcode(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    #[must_use]
    pub(crate) fn user(self, title: &str, text: &str) -> Self {
        Self { user: Some(Box::new((title.to_owned(), text.to_owned()))), ..self }
    }

    /// The answer with a trace id of its own.
    pub(crate) fn answer(self, entropy: &Entropy) -> Response {
        if let Some(error) = &self.sandbox {
            return internal(error);
        }
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "is_transient": self.is_transient,
            "fbtrace_id": format!("A{}", entropy.token(22)),
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if let Some((title, text)) = self.user.map(|user| *user) {
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(text);
        }
        if let Some(data) = self.data {
            error["error_data"] = *data;
        }
        let mut answer = (self.status, axum::Json(json!({"error": error}))).into_response();
        let usage = self.usage.and_then(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)));
        if let Some((name, value)) = usage {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
        answer
    }
}

/// Calls through a Page's or system user's token are counted for it (code `limited`), others for
/// the app. Either way the status is 400.
pub(crate) fn refused(refusal: Refusal, holder: Option<&str>, limited: i64, entropy: &Entropy) -> Response {
    match refusal {
        Refusal::RateLimited { retry_after_s, .. } => {
            throttled(holder, limited, retry_after_s).answer(entropy)
        }
        // Meta's gateways answer 503 as a page of HTML.
        Refusal::Error(StatusCode::SERVICE_UNAVAILABLE) => {
            let page = "<html><body><h1>Service Unavailable</h1></body></html>";
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Refusal::Error(StatusCode::UNAUTHORIZED) => GraphError {
            status: StatusCode::UNAUTHORIZED,
            ..GraphError::new(190, "Invalid OAuth access token - Cannot parse access token")
        }
        .answer(entropy),
        Refusal::Error(status) => {
            let code = if status == StatusCode::INTERNAL_SERVER_ERROR { 1 } else { 2 };
            let message = match code {
                1 => "An unknown error occurred",
                _ => "An unexpected error has occurred. Please retry your request later.",
            };
            GraphError { status, is_transient: code == 2, ..GraphError::new(code, message) }.answer(entropy)
        }
    }
}

/// Too many calls. The time is named in minutes, as Meta does.
pub(crate) fn throttled(holder: Option<&str>, limited: i64, retry_after_s: u64) -> GraphError {
    let minutes = retry_after_s.div_ceil(60).max(1);
    let Some(holder) = holder else {
        let usage = json!({"call_count": 100, "total_time": 25, "total_cputime": 25}).to_string();
        return GraphError {
            is_transient: true,
            usage: Some(("x-app-usage", usage)),
            ..GraphError::new(4, "(#4) Application request limit reached")
        };
    };
    let usage = json!({holder: [{
        "type": if limited == 80_002 { "instagram" } else { "pages" },
        "call_count": 100,
        "total_cputime": 20,
        "total_time": 30,
        "estimated_time_to_regain_access": minutes,
    }]});
    let message = match limited {
        32 => "(#32) Page request limit reached".to_owned(),
        other => format!("(#{other}) There have been too many calls to this account."),
    };
    let usage = ("x-business-use-case-usage", usage.to_string());
    GraphError { usage: Some(usage), ..GraphError::new(limited, message) }
}
