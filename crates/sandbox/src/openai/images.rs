//! Image generations: pictures in a colour that is made from the prompt.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::errors::{self, OpenAiError};
use super::{IMAGE_MODELS, UNSAFE, model, number, png};

const DALL_E: &str = "dall-e-3";

/// The sizes that a model makes; the first is the usual one.
const fn sizes(model: &str) -> &'static [&'static str] {
    match model.as_bytes() {
        b"dall-e-3" => &["1024x1024", "1792x1024", "1024x1792"],
        _ => &["1024x1024", "1536x1024", "1024x1536", "auto"],
    }
}

pub(super) fn generate(body: &Map<String, Value>, now: i64) -> Result<Value, OpenAiError> {
    let model = model(body, &IMAGE_MODELS, Some("gpt-image-1"))?;
    let prompt = body.get("prompt").and_then(Value::as_str).ok_or_else(|| errors::missing("prompt"))?;
    let longest = if model == DALL_E { 4_000 } else { 32_000 };
    if prompt.is_empty() || prompt.chars().count() > longest {
        return Err(errors::bad("prompt", "string_above_max_length", "Invalid 'prompt': wrong length."));
    }
    if prompt.contains(UNSAFE) {
        return Err(errors::moderated());
    }
    if model != DALL_E && body.contains_key("response_format") {
        let message = "Unknown parameter: 'response_format'.";
        return Err(errors::bad("response_format", "unknown_parameter", message));
    }
    let count = number(body, "n", (1, if model == DALL_E { 1 } else { 10 }), 1)?;
    let size = match body.get("size").and_then(Value::as_str) {
        None | Some("auto") => sizes(model)[0],
        Some(size) => size,
    };
    if !sizes(model).contains(&size) {
        let message = format!("Invalid value: '{size}'. Supported values are: {}.", sizes(model).join(", "));
        return Err(errors::bad("size", "invalid_value", &message));
    }
    let pixels = |text: &str| text.parse::<u32>().unwrap_or(1024);
    let (width, height) = size.split_once('x').map_or((1024, 1024), |(w, h)| (pixels(w), pixels(h)));
    let picture = |index: u64| json!({ "b64_json": STANDARD.encode(png::plain(&format!("{prompt}{index}"), width, height)) });
    let data: Vec<Value> = (0..count).map(picture).collect();
    Ok(json!({ "created": now, "size": size, "output_format": "png", "data": data }))
}
