//! Every refusal that the document promises, operation by operation: sent here, or shown by the test
//! that is named. With `--nocapture` the test prints the table.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use domain::api_key::Scope;
use serde_json::json;

use crate::support::{Answer, BODY_BYTES, HEALTHY, LIMITS, Server};

/// What one request cannot show, and the test that shows it, as `module::function`. The operation is the
/// beginning of its name; the first line that fits counts.
const SHOWN_ELSEWHERE: &[(&str, u16, &str)] = &[
    ("*", 500, "hostile::a_panic_is_a_fault_like_any_other"),
    ("create_post", 422, "circuit_breaker::the_sixth_of_what_failed_for_good_is_refused_with_the_facts"),
    ("*", 422, "idempotency::another_body_under_the_same_key_is_refused"),
    ("begin_device_login", 429, "device::an_address_that_floods_is_held_back"),
    ("poll_device_login", 429, "device::an_address_that_floods_is_held_back"),
    ("poll_device_login", 409, "device::an_organization_with_ten_keys_lets_no_device_in"),
    ("generate_", 402, "ai::credits_end_and_come_back_with_the_month"),
    ("generate_", 503, "ai::a_server_without_a_provider_says_what_has_to_be_set"),
    ("complete_upload", 503, "media_import::a_file_that_is_being_removed_is_not_taken_at_that_moment"),
    ("import_media", 503, "media_import::a_file_that_is_being_removed_is_not_taken_at_that_moment"),
    ("connect_", 503, "connect::credentials::a_platform_that_cannot_be_asked_is_no_wrong_password"),
    (
        "delete_media",
        409,
        "media::what_a_post_waits_for_stays_unless_forced_and_the_last_item_takes_the_file_along",
    ),
    ("update_post", 409, "posts::a_published_destination_is_shown_with_its_address"),
    ("*", 409, "idempotency::of_requests_at_the_same_time_one_is_done"),
];

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    has_body: bool,
    needs_key: bool,
    refusals: Vec<u16>,
    others: Vec<Method>,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(fanfare_api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let taken: Vec<Method> =
            methods.as_object().unwrap().keys().map(|name| name.to_uppercase().parse().unwrap()).collect();
        for (name, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys();
            let all = [Method::GET, Method::PUT, Method::DELETE, Method::PATCH];
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: name.to_uppercase().parse().unwrap(),
                path: path.clone(),
                has_body: operation.get("requestBody").is_some(),
                needs_key: operation["security"] != json!([{}]),
                refusals: statuses
                    .filter_map(|status| status.parse().ok())
                    .filter(|code| *code >= 400)
                    .collect(),
                others: all.into_iter().filter(|method| !taken.contains(method)).collect(),
            });
        }
    }
    found
}

/// The path with ids of nothing.
fn filled(path: &str) -> String {
    let nobody = "0192f5a0-0000-7000-8000-000000000000";
    let numbers = path.replace("{account_id}", "999").replace("{campaign_id}", "999");
    numbers
        .split('/')
        .map(|part| if part.starts_with('{') { nobody } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

struct Keys {
    open: Server,
    closed: Server,
    /// Its database cannot be reached.
    away: Server,
    all: String,
    reader: String,
    writer: String,
}

impl Operation {
    fn request(&self, server: &Server, key: Option<&str>, body: impl Into<Body>) -> Request<Body> {
        let path = format!("/api/v1{}", filled(&self.path));
        let mut request = server.request(self.method.clone(), &path, body);
        match key.map(|key| HeaderValue::try_from(format!("Bearer {key}")).unwrap()) {
            Some(value) => request.headers_mut().insert(header::AUTHORIZATION, value),
            None => request.headers_mut().remove(header::AUTHORIZATION),
        };
        if self.has_body {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request
    }

    /// A body that is refused by nothing before the thing is looked for.
    fn body(&self) -> String {
        let body = match self.id.as_str() {
            "update_campaign" | "update_webhook" => json!({ "name": "x" }),
            "request_post_changes" => json!({ "note": "x" }),
            "resolve_post" => json!({ "account_id": 999, "outcome": "not_published" }),
            "update_post" => json!({ "content": "x" }),
            "start_social_connect" => json!({ "platform": "x", "mode": "reconnect", "account_id": 999 }),
            "schedule_post" => json!({ "publish_now": true }),
            "poll_device_login" => json!({ "device_code": "0192f5a0" }),
            _ => json!({}),
        };
        body.to_string()
    }

    /// What the server says to a request that is to be refused with this status; `None` where one
    /// request cannot bring it about.
    async fn provoke(&self, status: u16, keys: &Keys) -> Option<Answer> {
        let server = &keys.open;
        let key = Some(keys.all.as_str());
        let request = match status {
            400 if self.has_body => self.request(server, key, "{"),
            400 if self.method == Method::GET => {
                let mut request = self.request(server, key, "");
                // Somebody's, for a parameter is looked at behind what it is asked of.
                let there =
                    request.uri().to_string().replace("/accounts/999", &format!("/accounts/{HEALTHY}"));
                let wrong = "from=x&to=x&limit=x&preview=x&period=x&platform=x&timezone=x";
                *request.uri_mut() = format!("{there}?{wrong}").parse().unwrap();
                request
            }
            400 if self.method == Method::DELETE => {
                let mut request = self.request(server, key, "");
                *request.uri_mut() = format!("{}?force=x&%00=%00", request.uri()).parse().unwrap();
                request
            }
            400 => {
                let mut request = self.request(server, key, "");
                request.headers_mut().insert("idempotency-key", HeaderValue::from_static(""));
                request
            }
            401 => self.request(server, None, self.body()),
            403 => {
                let reads = self.method == Method::GET || self.id == "validate_post";
                self.request(server, Some(if reads { &keys.writer } else { &keys.reader }), self.body())
            }
            404 if self.path.contains("_id}")
                || matches!(self.id.as_str(), "delete_queue" | "start_social_connect") =>
            {
                self.request(server, key, self.body())
            }
            405 => {
                let mut request = self.request(server, key, "");
                *request.method_mut() = self.others.first()?.clone();
                request
            }
            // A file of posts may be larger than a body of JSON.
            413 => self.request(server, key, vec![b' '; BODY_BYTES + 10_000_000]),
            415 => {
                let mut request = self.request(server, key, "x");
                request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
                request
            }
            429 if self.needs_key => {
                let again = || self.request(&keys.closed, Some(&keys.closed.key), self.body());
                keys.closed.raw(again()).await;
                again()
            }
            503 => self.request(&keys.away, Some(&keys.away.key), self.body()),
            _ => return None,
        };
        let asked = match status {
            429 => &keys.closed,
            503 => &keys.away,
            _ => server,
        };
        Some(asked.send(request).await)
    }
}

fn shown_elsewhere(operation: &str, status: u16) -> Option<&'static str> {
    let fits = |name: &str| name == "*" || operation.starts_with(name);
    let found = SHOWN_ELSEWHERE.iter().find(|(name, of, _)| *of == status && fits(name));
    found.map(|(_, _, test)| *test)
}

#[tokio::test]
async fn every_refusal_of_the_document_is_met() {
    let open = Server::start().await;
    let closed = Server::with_limits(fanfare_api::Limits { requests_per_minute: 1, ..LIMITS }).await;
    let away = Server::start().await;
    away.app.store.close().await;
    let reader = open.new_key(vec![Scope::Read], None).await;
    let writer = open.new_key(vec![Scope::Write], None).await;
    let all = open.new_key(vec![Scope::Read, Scope::Write, Scope::Ai, Scope::Approve], None).await;
    let keys = Keys { open, closed, away, all, reader, writer };
    let mut wrong = Vec::new();
    for operation in operations() {
        let mut row = Vec::new();
        for status in &operation.refusals {
            let answer = operation.provoke(*status, &keys).await;
            let seen = answer.as_ref().map(|answer| answer.status.as_u16());
            if seen == Some(*status) {
                row.push(format!("{status} {}", answer.unwrap().refusal().1));
            } else if let Some(test) = shown_elsewhere(&operation.id, *status) {
                row.push(format!("{status} {test}"));
            } else {
                wrong.push(format!("{} promises {status}, and the answer is {seen:?}", operation.id));
            }
        }
        println!("{:32} {}", operation.id, row.join(" | "));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_tests_that_are_named_show_what_they_are_named_for() {
    for (_, status, test) in SHOWN_ELSEWHERE {
        let (module, name) = test.rsplit_once("::").unwrap();
        let path = format!("{}/tests/api/{}.rs", env!("CARGO_MANIFEST_DIR"), module.replace("::", "/"));
        let text = std::fs::read_to_string(path).unwrap();
        let body = text.split_once(&format!("async fn {name}()")).unwrap_or_else(|| panic!("{test}")).1;
        let body = body.split_once("\n}\n").unwrap().0;
        assert!(body.contains(&format!("({status}, ")), "{test} shows no {status}");
    }
}
