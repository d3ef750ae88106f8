//! A client that speaks just enough of the protocol.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use testkit::{Answer, Server};

/// Has the right shape and belongs to nobody.
pub(crate) const UNKNOWN_KEY: &str = "pe_live_00000000000000000000000000000000";

pub(crate) struct Client<'a> {
    server: &'a Server,
    key: Option<&'a str>,
    path: &'a str,
}

impl<'a> Client<'a> {
    pub(crate) fn new(server: &'a Server, key: Option<&'a str>) -> Self {
        Self::at(server, key, "/mcp")
    }

    pub(crate) fn at(server: &'a Server, key: Option<&'a str>, path: &'a str) -> Self {
        Self { server, key, path }
    }

    pub(crate) async fn send(&self, message: &Value) -> Answer {
        self.send_bytes(message.to_string().into_bytes()).await
    }

    pub(crate) async fn send_bytes(&self, bytes: Vec<u8>) -> Answer {
        let mut request = Request::post(self.path)
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::HOST, "fanfare.test");
        if let Some(key) = self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        self.server.send_request(request.body(Body::from(bytes)).unwrap()).await
    }

    pub(crate) async fn look(&self) -> Answer {
        let request = Request::get(self.path).header(header::ACCEPT, "text/html,*/*");
        self.server.send_request(request.body(Body::empty()).unwrap()).await
    }

    /// A request that has to succeed; gives its result.
    async fn ask(&self, method: &str, params: Value) -> Value {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.send(&message).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.body["result"].is_object(), "{}", answer.text);
        answer.body["result"].clone()
    }

    pub(crate) async fn initialize(&self) -> Value {
        let params = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        self.ask("initialize", params).await
    }

    pub(crate) async fn tools(&self) -> Vec<Value> {
        self.ask("tools/list", json!({})).await["tools"].as_array().unwrap().clone()
    }

    async fn text(&self, tool: &str, arguments: &Value) -> (bool, String) {
        let params = json!({ "name": tool, "arguments": arguments });
        let result = self.ask("tools/call", params).await;
        let content = result["content"].as_array().unwrap();
        assert_eq!(content.len(), 1, "{result}");
        (result["isError"] == true, content[0]["text"].as_str().unwrap().to_owned())
    }

    /// What a tool gives, which has to succeed.
    pub(crate) async fn call(&self, tool: &str, arguments: &Value) -> Value {
        let (failed, text) = self.text(tool, arguments).await;
        assert!(!failed, "{tool}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What a tool says that has to fail.
    pub(crate) async fn refusal(&self, tool: &str, arguments: &Value) -> String {
        let (failed, text) = self.text(tool, arguments).await;
        assert!(failed, "{tool}: {text}");
        text
    }
}
