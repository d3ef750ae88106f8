use std::collections::HashSet;

use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(fanfare_api::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.collect()
}

/// Calls `visit` with every member of every object.
fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(members) => {
            for (name, member) in members {
                visit(name, member);
                walk(member, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_operation_is_named_and_lists_its_statuses() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = HashSet::new();
    for (operation, note) in operations(&document) {
        assert!(names.insert(note["operationId"].as_str().unwrap()), "{operation}");
        assert!(note["summary"].as_str().is_some_and(|text| !text.is_empty()), "{operation}");
        let statuses: Vec<&str> = note["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        let needs_key = note["security"] != serde_json::json!([{}]);
        for status in ["401", "403", "405", "429", "500"] {
            if !needs_key && matches!(status, "401" | "403") {
                continue;
            }
            assert!(statuses.contains(&status), "{operation} {status}");
        }
        if operation.contains("_id}") {
            assert!(statuses.contains(&"404"), "{operation}");
        }
        if note.get("requestBody").is_some() {
            for status in ["400", "413", "415"] {
                assert!(statuses.contains(&status), "{operation} {status}");
            }
        }
        for (status, response) in note["responses"].as_object().unwrap() {
            if response["content"].get("text/event-stream").is_some() {
                assert_eq!((operation.as_str(), status.as_str()), ("get /events", "200"));
                continue;
            }
            if (operation.as_str(), status.as_str()) == ("get /posts/export", "200") {
                // A file.
                continue;
            }
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            assert!(schema.is_string(), "{operation} {status} has a named schema");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_answer_member_is_required() {
    let document = document();
    walk(&document, &mut |name, value| {
        if name == "$ref" {
            let target = value.as_str().unwrap().trim_start_matches('#');
            assert!(document.pointer(target).is_some(), "{target}");
        }
    });
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema.get("description").is_some(), "{name} is described");
        if name.ends_with("Envelope") {
            let required = schema["required"].as_array().unwrap();
            assert_eq!(required, &["data", "error", "meta"], "{name}");
        }
    }
}

#[test]
fn the_document_says_how_to_call() {
    let document = document();
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    assert_eq!(document["components"]["securitySchemes"]["api_key"]["scheme"], "bearer");
    assert!(!document["info"]["description"].as_str().unwrap().is_empty());
}

#[test]
fn the_platform_filter_lists_every_platform() {
    let document = document();
    let parameters = document["paths"]["/posts"]["get"]["parameters"].as_array().unwrap();
    let platform = parameters.iter().find(|one| one["name"] == "platform").unwrap();
    let pattern = platform["schema"]["pattern"].as_str().unwrap();
    let (first, _) = pattern.trim_start_matches("^(").split_once(')').unwrap();
    let mut listed: Vec<&str> = first.split('|').filter(|name| *name != "twitter").collect();
    listed.sort_unstable();
    let registry = platforms::registry();
    let mut known: Vec<&str> = registry.entries().iter().map(|entry| entry.spec.name.as_str()).collect();
    known.sort_unstable();
    assert_eq!(listed, known);
}
