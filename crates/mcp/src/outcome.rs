//! From an answer of the API to what a model reads: one text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value};

use crate::api::Answer;
use crate::tools::{Shows, Tool, whole};

/// What a model reads of an answer.
pub(crate) fn of(tool: &Tool, given: &Map<String, Value>, answer: &Answer) -> CallToolResult {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        return failure(&format!("The server's answer cannot be read (status {}).", answer.status));
    };
    // A list of results with failures among them has a status of failure, and no error.
    if !body["error"].is_null() {
        let message = body["error"]["message"].as_str();
        return failure(message.unwrap_or("The server refused without saying why."));
    }
    if body.get("data").is_none() {
        return failure(&format!("The server answered something else (status {}).", answer.status));
    }
    success(shown(tool.shows, given, &body["data"]))
}

fn shown(shows: Shows, given: &Map<String, Value>, data: &Value) -> String {
    match shows {
        Shows::Data => pretty(data),
        Shows::Member(name) => pretty(&data[name]),
        Shows::Gone(what, named) => {
            let id = given.get(named).and_then(Value::as_str).unwrap_or_default();
            let mut text = format!("{what} {id} deleted successfully.");
            for copy in data["x_deletion"].as_array().into_iter().flatten() {
                if copy["deleted"] == true {
                    text.push_str(" Its copy on X was deleted.");
                } else {
                    let why = copy["error"].as_str().unwrap_or("no reason given");
                    text.push_str(" Its copy on X was not deleted: ");
                    text.push_str(why);
                }
            }
            text
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(&plain_numbers(value)).unwrap_or_default()
}

/// The same with whole numbers written as such, as JavaScript writes them: 100 and not 100.0.
fn plain_numbers(value: &Value) -> Value {
    match value {
        Value::Number(_) => whole(value).map_or_else(|| value.clone(), Value::from),
        Value::Array(items) => items.iter().map(plain_numbers).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), plain_numbers(member))).collect()
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

fn success(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

/// A refusal, which the model reads and can act on.
pub(crate) fn failure(text: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}
