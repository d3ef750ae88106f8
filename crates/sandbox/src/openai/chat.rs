//! Chat completions: the model repeats what the user wrote, in so many variants.

use serde_json::{Map, Value, json};

use super::errors::{self, OpenAiError};
use super::{CHAT_MODELS, UNSAFE, fingerprint, model, number};

const MOST_CHOICES: u64 = 128;
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];
/// How much of the user's message the model repeats.
const REPEATED: usize = 120;

pub(super) fn complete(body: &Map<String, Value>, now: i64) -> Result<Value, OpenAiError> {
    let model = model(body, &CHAT_MODELS, None)?;
    let messages = body.get("messages").ok_or_else(|| errors::missing("messages"))?;
    let messages = messages.as_array().filter(|messages| !messages.is_empty()).ok_or_else(|| {
        errors::bad("messages", "invalid_type", "Invalid type for 'messages': expected a non-empty array.")
    })?;
    for (at, message) in messages.iter().enumerate() {
        check(message, at)?;
    }
    let count = number(body, "n", (1, MOST_CHOICES), 1)?;
    let asked = messages.iter().rev().find(|message| message["role"] == "user");
    let asked = asked.and_then(|message| message["content"].as_str()).unwrap_or_default();
    if asked.contains(UNSAFE) {
        return Err(errors::bad("messages", "content_policy_violation", "The prompt is not allowed."));
    }
    let id = fingerprint(body);
    let choice = |index: u64| {
        json!({
            "index": index,
            "message": { "role": "assistant", "content": written(asked, index), "refusal": null },
            "logprobs": null,
            "finish_reason": "stop",
        })
    };
    let choices: Vec<Value> = (0..count).map(choice).collect();
    let (prompt, completion) = (tokens(messages), 40 * count);
    Ok(json!({
        "id": format!("chatcmpl-{id}"),
        "object": "chat.completion",
        "created": now,
        "model": model,
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }))
}

fn check(message: &Value, at: usize) -> Result<(), OpenAiError> {
    let role = message["role"].as_str().unwrap_or_default();
    if !ROLES.contains(&role) {
        let param = format!("messages[{at}].role");
        return Err(errors::bad(&param, "invalid_value", "Invalid value for a message's role."));
    }
    if !message["content"].is_string() && !message["content"].is_array() {
        let param = format!("messages[{at}].content");
        return Err(errors::bad(&param, "invalid_type", "Invalid type for a message's content."));
    }
    Ok(())
}

/// As models do it: quotes around it, an emoji, and too many hashtags.
fn written(asked: &str, index: u64) -> String {
    let said: String = asked.chars().take(REPEATED).collect();
    format!(
        "\"✨ {said} (variant {index})\n\n#one #two #three #four #five #six #seven #eight #nine #ten #eleven\""
    )
}

/// About four characters are a token.
fn tokens(messages: &[Value]) -> u64 {
    let length: usize = messages.iter().map(|message| message["content"].to_string().len()).sum();
    u64::try_from(length / 4).unwrap_or(u64::MAX)
}
