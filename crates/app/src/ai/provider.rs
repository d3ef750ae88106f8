//! The provider's API, and what its refusals mean. Neither prompts nor keys get into the log.

use std::time::Duration;

use net::{Answer, Request};
use serde_json::Value;
use url::Url;

use super::AiSettings;
use crate::{App, AppError};

/// Asks the provider once. Without a body it is a look-up.
pub(super) async fn ask(
    app: &App,
    settings: &AiSettings,
    call: &str,
    field: &str,
    body: Option<&Value>,
) -> Result<Value, AppError> {
    let Some(base) = &settings.base_url else { return Err(not_set_up("ai.base_url")) };
    let url = address(base, call)?;
    let request =
        body.map_or_else(|| Request::get(url.clone()), |body| Request::post(url.clone()).json(body));
    let mut request = request.timeout(timeout(settings.timeout));
    if !settings.api_key.is_empty() {
        request = request.bearer(&settings.api_key);
    }
    let sent = if settings.guarded {
        app.outside.guarded.send(request).await
    } else {
        app.outside.http.send(request).await
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!(call, error = %error, "the AI provider did not answer");
            return Err(AppError::Busy("The AI provider does not answer; try again.".to_owned()));
        }
    };
    if answer.is_success() {
        return serde_json::from_slice(&answer.body).map_err(|_| {
            tracing::warn!(call, "the AI provider's answer is no JSON");
            unusable()
        });
    }
    Err(refusal(&answer, call, field))
}

/// What is said when an answer has nothing in it that can be used.
pub(super) fn unusable() -> AppError {
    AppError::Busy("The AI provider gave nothing that can be used; try again.".to_owned())
}

/// What is said when the operator has left something out.
pub(super) fn not_set_up(setting: &str) -> AppError {
    AppError::NotSetUp(format!(
        "AI is not set up on this server: its operator has to set {setting} (see docs/ai.md)."
    ))
}

fn address(base: &Url, call: &str) -> Result<Url, AppError> {
    let text = format!("{}/{call}", base.as_str().trim_end_matches('/'));
    Url::parse(&text).map_err(|error| AppError::Internal(Box::new(error)))
}

const fn timeout(set: Duration) -> Duration {
    if set.is_zero() { Duration::from_mins(2) } else { set }
}

fn refusal(answer: &Answer, call: &str, field: &str) -> AppError {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    // The provider's own message may repeat the prompt, and a part of the key.
    let word = |name: &str| {
        let word = body["error"][name].as_str().unwrap_or_default();
        word.chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .take(60)
            .collect::<String>()
    };
    let (code, kind) = (word("code"), word("type"));
    tracing::warn!(call, status = answer.status, code, kind, "the AI provider refuses");
    let is_about_content = ["moderation", "content_policy", "content_filter", "safety"]
        .iter()
        .any(|sign| code.contains(sign) || kind.contains(sign));
    match answer.status {
        400 | 403 | 422 if is_about_content => AppError::validation(
            field,
            format!("The AI provider refuses this {field} because of its rules for content; change it."),
        ),
        401 | 403 => AppError::NotSetUp(
            "The AI provider refuses this server's key; its operator has to check ai.api_key.".to_owned(),
        ),
        429 if code == "insufficient_quota" => AppError::NotSetUp(
            "The account of this server's operator with the AI provider is used up.".to_owned(),
        ),
        429 => AppError::Busy("The AI provider is asked too much at the moment; try again.".to_owned()),
        500.. => AppError::Busy("The AI provider has a fault at the moment; try again.".to_owned()),
        _ => AppError::NotSetUp(
            "The AI provider does not take the request; this server's operator has to check the models in \
             the section ai of the configuration."
                .to_owned(),
        ),
    }
}
