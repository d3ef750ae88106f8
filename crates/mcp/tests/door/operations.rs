//! Tools and operations of the API: each operation has a tool, or a reason why it has none, and each
//! tool is as the API's document says. With `--nocapture` the test prints the table.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::Server;

use crate::support::Client;

/// Operations without a tool, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("resolve_post", "a person looks at the platform: a wrong word would publish twice"),
    ("stream_events", "a stream has no end; list_events tells the same page by page"),
    ("export_posts", "a file for people and other servers; list_posts_advanced tells the same"),
    ("start_social_connect", "create_connect_link and create_reconnect_link do the same for every platform"),
    ("connect_bluesky", "connect_credential_account does the same for every platform"),
    ("connect_telegram", "connect_credential_account does the same for every platform"),
    ("connect_discord", "connect_credential_account does the same for every platform"),
    ("begin_device_login", "gives a key to who has none; whoever calls a tool has one"),
    ("poll_device_login", "gives a key to who has none; whoever calls a tool has one"),
];

/// What an operation takes and its tools do not, and why.
const NOT_TAKEN: &[(&str, &str, &str)] = &[
    ("create_post", "publish_now", "without a time a post goes out at once"),
    ("validate_post", "publish_now", "without a time a post goes out at once"),
    ("create_connect_link", "login", "the usual login is the one that its owner knows"),
    ("begin_upload", "file_size", "another name of size"),
    ("begin_upload", "width", "a hint; what the file says wins"),
    ("begin_upload", "height", "a hint; what the file says wins"),
    ("begin_upload", "duration", "a hint; what the file says wins"),
    ("delete_media", "force", "takes files from posts that wait; a person does that"),
    ("*", "Idempotency-Key", "a header; a model that repeats a call means it, or looks first"),
];

struct Operation {
    id: String,
    members: BTreeSet<String>,
}

/// The operations of the document by method and path, with ids in paths without their names.
fn operations(document: &Value) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named = parameters.filter(|parameter| parameter["in"] != "path");
            let mut members: BTreeSet<String> =
                named.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            members.extend(members_of(document, schema));
            found.insert(request(method, path), Operation { id, members });
        }
    }
    found
}

/// The members of a body, wherever its schema stands.
fn members_of(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return members_of(document, document.pointer(name.trim_start_matches('#')).unwrap());
    }
    let several = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|name| schema[name].as_array());
    let mut found: Vec<String> = several.flatten().flat_map(|one| members_of(document, one)).collect();
    found.extend(schema["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned()));
    found
}

fn request(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    format!("{} {}", method.to_uppercase(), parts.collect::<Vec<_>>().join("/"))
}

/// What the request of a tool says beside its path.
fn said(tool: &fanfare_mcp::Offered) -> BTreeSet<String> {
    let in_path = |name: &str| tool.path.contains(&format!("{{{name}}}"));
    tool.members().filter(|name| !in_path(name)).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn every_operation_has_a_tool_or_a_reason() {
    let server = Server::start().await;
    let document = Client::at(&server, None, "/api/v1/openapi.json").look().await;
    let operations = operations(&serde_json::from_str(&document.text).unwrap());
    let mut tools: BTreeMap<String, Vec<fanfare_mcp::Offered>> = BTreeMap::new();
    for tool in fanfare_mcp::offered() {
        tools.entry(request(tool.method.as_str(), tool.path)).or_default().push(tool);
    }
    let mut wrong = Vec::new();
    for request in tools.keys().filter(|request| !operations.contains_key(*request)) {
        wrong.push(format!("there is no {request}"));
    }
    for (request, operation) in &operations {
        let id = operation.id.as_str();
        let reason = WITHOUT.iter().find(|(name, _)| *name == id).map(|(_, why)| *why);
        let own = tools.get(request).map(Vec::as_slice).unwrap_or_default();
        match (own, reason) {
            ([], None) => wrong.push(format!("{id} has no tool, and nothing says why")),
            ([], Some(why)) => println!("{id:30} none: {why}"),
            (_, Some(_)) => wrong.push(format!("{id} has a tool; take its reason away")),
            (own, None) => {
                let names: Vec<&str> = own.iter().map(|tool| tool.name).collect();
                println!("{id:30} {}", names.join(", "));
            }
        }
        if own.is_empty() {
            continue;
        }
        let taken: BTreeSet<String> = own.iter().flat_map(said).collect();
        for name in taken.difference(&operation.members) {
            wrong.push(format!("{id} takes no {name}"));
        }
        let is_left =
            |name: &&String| !NOT_TAKEN.iter().any(|(of, what, _)| (*of == "*" || *of == id) && what == name);
        for name in operation.members.difference(&taken).filter(is_left) {
            wrong.push(format!("no tool of {id} takes {name}, and nothing says why"));
        }
    }
    for (id, name, _) in NOT_TAKEN.iter().filter(|(id, _, _)| *id != "*") {
        let there = operations.values().any(|one| one.id == *id && one.members.contains(*name));
        if !there {
            wrong.push(format!("{id} takes no {name} that could be left out"));
        }
    }
    for (id, _) in WITHOUT.iter().filter(|(id, _)| operations.values().all(|one| one.id != *id)) {
        wrong.push(format!("there is no {id}"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_lists_every_tool_once_and_no_other() {
    let page = include_str!("../../../../docs/mcp.md");
    let table = page.split_once("\n## Tools\n").unwrap().1;
    let table = table.split_once("\n\nNames and arguments").unwrap().0;
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let mut listed: Vec<&str> = Vec::new();
    for row in rows {
        let tools = row.split('|').nth(1).unwrap();
        listed.extend(tools.split('`').skip(1).step_by(2));
    }
    listed.sort_unstable();
    let mut tools: Vec<&str> = fanfare_mcp::offered().map(|tool| tool.name).collect();
    tools.sort_unstable();
    assert_eq!(listed, tools);
}
