//! `fields=`: which fields of an object are shown, nested as `a{b,c}` and with modifiers as
//! `comments.limit(0).summary(true)`.

use serde_json::{Map, Value};

use super::error::GraphError;

/// One asked-for field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) limit: Option<usize>,
    pub(crate) summary: bool,
    pub(crate) inside: Vec<Field>,
}

/// Reads a list of fields. What is not closed ends with the text.
pub(crate) fn parse(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                fields.extend(parse_one(&text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(parse_one(&text[start..]));
    fields
}

fn parse_one(text: &str) -> Option<Field> {
    let text = text.trim();
    let (head, inside) = match text.find('{') {
        Some(open) => (&text[..open], parse(text[open + 1..].trim_end_matches('}').trim_end_matches(' '))),
        None => (text, Vec::new()),
    };
    // A closing brace that belongs to a field inside was trimmed as well; nothing was lost by it.
    let mut parts = head.split('.');
    let name = parts.next()?.trim().to_owned();
    let mut field = Field { name, limit: None, summary: false, inside };
    for modifier in parts {
        let (kind, value) = modifier.split_once('(').unwrap_or((modifier, ""));
        match kind {
            "limit" => field.limit = value.trim_end_matches(')').parse().ok(),
            "summary" => field.summary = !value.starts_with("false"),
            _ => {}
        }
    }
    (!field.name.is_empty()).then_some(field)
}

/// The asked-for fields of `object`, which holds every field that it has; one that has no value is
/// `null` there and left out here. The id is always shown.
pub(crate) fn project(object: &Value, fields: &[Field], node: &str) -> Result<Value, GraphError> {
    let Some(known) = object.as_object() else { return Ok(object.clone()) };
    let mut shown = Map::new();
    for field in fields {
        let Some(value) = known.get(&field.name) else {
            let what = format!("Tried accessing nonexisting field ({}) on node type ({node})", field.name);
            return Err(GraphError::invalid(&what));
        };
        if !value.is_null() {
            shown.insert(field.name.clone(), narrow(value, field));
        }
    }
    if let Some(id) = known.get("id").filter(|id| !id.is_null()) {
        shown.entry("id").or_insert_with(|| id.clone());
    }
    Ok(Value::Object(shown))
}

fn narrow(value: &Value, field: &Field) -> Value {
    let Some(object) = value.as_object() else { return value.clone() };
    let mut object = object.clone();
    if !field.summary {
        object.remove("summary");
    }
    match object.get_mut("data") {
        Some(Value::Array(entries)) => {
            entries.truncate(field.limit.unwrap_or(usize::MAX));
            for entry in entries {
                *entry = inside(entry, &field.inside);
            }
            Value::Object(object)
        }
        Some(data) => {
            *data = inside(data, &field.inside);
            Value::Object(object)
        }
        None => inside(&Value::Object(object), &field.inside),
    }
}

/// Inside an object, fields that are not there are simply left out.
fn inside(value: &Value, fields: &[Field]) -> Value {
    let Some(object) = value.as_object().filter(|_| !fields.is_empty()) else { return value.clone() };
    let mut shown = Map::new();
    for field in fields {
        if let Some(value) = object.get(&field.name).filter(|value| !value.is_null()) {
            shown.insert(field.name.clone(), narrow(value, field));
        }
    }
    if let Some(id) = object.get("id") {
        shown.entry("id").or_insert_with(|| id.clone());
    }
    Value::Object(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_nested_limited_and_summed_up() {
        let object = json!({
            "id": "1", "name": "A", "link": null,
            "picture": {"data": {"url": "u", "height": 50}},
            "comments": {"data": [{"id": "2", "message": "m", "from": {"name": "n", "id": "3"}}], "summary": {"total_count": 1}},
        });
        let shown = |text: &str| project(&object, &parse(text), "Page").map_err(|error| error.message);
        assert_eq!(
            shown("name,link,picture{url}").unwrap(),
            json!({"name": "A", "picture": {"data": {"url": "u"}}, "id": "1"})
        );
        assert_eq!(
            shown("comments.limit(0).summary(true)").unwrap(),
            json!({"comments": {"data": [], "summary": {"total_count": 1}}, "id": "1"})
        );
        assert_eq!(
            shown("comments{from{name},message},name").unwrap(),
            json!({"comments": {"data": [{"from": {"name": "n", "id": "3"}, "message": "m", "id": "2"}]}, "name": "A", "id": "1"})
        );
        assert!(shown("nothing").unwrap_err().contains("nonexisting field (nothing) on node type (Page)"));
    }
}
