//! From a tool's arguments to a request of the API.

use ::http::Method;
use serde_json::{Map, Value};
use url::form_urlencoded::Serializer;

use crate::api::{Ask, Sent};
use crate::tools::{Argument, Kind, Tool, whole};

/// The request, or what is wrong with the arguments in words for a model.
pub(crate) fn ask(tool: &Tool, mut given: Map<String, Value>) -> Result<Ask, String> {
    if let Some(unknown) = given.keys().find(|name| tool.takes.iter().all(|argument| argument.name != *name))
    {
        let known: Vec<&str> = tool.takes.iter().map(|argument| argument.name).collect();
        let known = if known.is_empty() { "no arguments".to_owned() } else { known.join(", ") };
        return Err(format!("Unknown argument \"{unknown}\": {} takes {known}.", tool.name));
    }
    // Where the body is a file, everything else goes into the query.
    let has_file = tool.takes.iter().any(|argument| matches!(argument.kind, Kind::File));
    let has_query = has_file || matches!(tool.method, Method::GET | Method::DELETE);
    let mut file = None;
    let mut path = tool.path.to_owned();
    let mut query = Serializer::new(String::new());
    let mut body = Map::new();
    for argument in tool.takes {
        let Some(value) = value_of(argument, &mut given)? else { continue };
        let place = format!("{{{}}}", argument.name);
        if matches!(argument.kind, Kind::File) {
            file = Some(Sent::File(plain(&value)));
        } else if path.contains(&place) {
            path = path.replace(&place, &plain(&value));
        } else if let Some(yes) = argument.yes {
            if value == Value::Bool(true) {
                query.append_pair(argument.member(), yes);
            }
        } else if has_query {
            query.append_pair(argument.member(), &plain(&value));
        } else {
            body.insert(argument.member().to_owned(), value);
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        path = format!("{path}?{query}");
    }
    let body = file.or_else(|| (!body.is_empty()).then_some(Sent::Json(Value::Object(body))));
    Ok(Ask { method: tool.method.clone(), path, body })
}

/// What was given for an argument, or stands for it. Models send null for what they leave out.
fn value_of(argument: &Argument, given: &mut Map<String, Value>) -> Result<Option<Value>, String> {
    match given.remove(argument.name) {
        None | Some(Value::Null) => match argument.default {
            Some(default) => Ok(Some(default.value())),
            None if argument.is_needed => Err(format!("{} is missing.", argument.name)),
            None => Ok(None),
        },
        Some(value) => match argument.complaint(&value) {
            Some(complaint) => Err(complaint),
            None => Ok(Some(value)),
        },
    }
}

/// A value without quotes: for paths and queries.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => whole(other).map_or_else(|| other.to_string(), |number| number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tools::find;

    fn request(name: &str, arguments: &Value) -> Result<Ask, String> {
        ask(find(name).unwrap(), arguments.as_object().unwrap().clone())
    }

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    #[test]
    fn an_argument_goes_where_the_api_looks_for_it() {
        let found = request("get_account", &json!({ "account_id": 7.0 })).unwrap();
        assert_eq!((found.method, found.path.as_str(), found.body), (Method::GET, "/accounts/7", None));

        let found = request("list_posts", &json!({ "status": "draft", "platform": "x&y" })).unwrap();
        assert_eq!(found.path, "/posts?status=draft&platform=x%26y&limit=20");

        let body = json!({ "post_id": ID, "publish_now": true, "account_ids": [1], "timezone": null });
        let found = request("schedule_post", &body).unwrap();
        assert_eq!(found.path, format!("/posts/{ID}/schedule"));
        assert_eq!(found.body, Some(Sent::Json(json!({ "publish_now": true, "account_ids": [1] }))));

        let found = request("get_best_times", &json!({ "account_ids": [1, 2.0] })).unwrap();
        assert_eq!((found.path.as_str(), found.body), ("/best-times?account_ids=1%2C2", None));

        let table = json!({ "file": "content\nsoup", "dry_run": true, "account_mapping": { "ours": 7 } });
        let found = request("import_posts", &table).unwrap();
        let query = "dry_run=true&account_mapping=%7B%22ours%22%3A7%7D";
        assert_eq!(found.path, format!("/posts/import?{query}"));
        assert_eq!(found.body, Some(Sent::File("content\nsoup".to_owned())));

        let found = request("retry_failed_post", &json!({ "post_id": ID })).unwrap();
        assert_eq!((found.path, found.body), (format!("/posts/{ID}/retry"), None));

        let found = request("delete_post", &json!({ "post_id": ID, "delete_on_x": true })).unwrap();
        assert_eq!(found.path, format!("/posts/{ID}?delete_on_platforms=x"));
        let found = request("delete_post", &json!({ "post_id": ID, "delete_on_x": false })).unwrap();
        assert_eq!(found.path, format!("/posts/{ID}"));
    }

    #[test]
    fn nothing_but_an_id_gets_into_a_path() {
        for id in ["../accounts/7", "%2e%2e", "", "01890a5d-ac96-774b-bcce-b302099a805/", "a-b-c-d-e"] {
            let refused = request("get_post", &json!({ "post_id": id })).unwrap_err();
            assert_eq!(refused, "post_id must be a UUID.");
        }
        let refused = request("get_account", &json!({ "account_id": "7/../8" })).unwrap_err();
        assert_eq!(refused, "account_id must be a whole number.");
    }

    #[test]
    fn wrong_arguments_are_named() {
        let refused = request("get_post", &json!({})).unwrap_err();
        assert_eq!(refused, "post_id is missing.");
        let refused = request("get_post", &json!({ "id": ID })).unwrap_err();
        assert_eq!(refused, "Unknown argument \"id\": get_post takes post_id.");
        let refused = request("list_media", &json!({ "type": "audio" })).unwrap_err();
        assert_eq!(refused, "type must be one of: image, video, document.");
    }
}
