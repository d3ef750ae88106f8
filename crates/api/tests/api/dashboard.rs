//! The dashboard's files, of which the tests bring their own.

use std::borrow::Cow;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use fanfare_api::{ApiState, Dashboard};
use tower::ServiceExt as _;

use crate::support::{Server, settings};

const FILES: [(&str, &str); 5] = [
    ("index.html", "<!doctype html><title>Fanfare</title><script src=\"/assets/app-1a2b.js\"></script>"),
    ("assets/app-1a2b.js", "plain"),
    ("assets/app-1a2b.js.gz", "gzipped"),
    ("assets/app-1a2b.js.br", "brotli"),
    ("favicon.svg", "<svg/>"),
];

/// A server with a dashboard.
struct Built {
    server: Server,
    router: axum::Router,
}

impl Built {
    async fn start() -> Self {
        Self::over(Server::start().await)
    }

    fn over(server: Server) -> Self {
        let files = FILES.map(|(name, text)| (name.to_owned(), Cow::Borrowed(text.as_bytes())));
        let state = ApiState::new(server.app.clone(), settings(testkit::NO_LIMITS));
        let router = fanfare_api::router(state.with_dashboard(Dashboard::of(files)));
        Self { server, router }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
    ) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Method::GET, path, &[(header::ACCEPT, "text/html,*/*;q=0.8")]).await
    }
}

#[tokio::test]
async fn every_page_of_the_dashboard_is_its_one_page() {
    let built = Built::start().await;
    for path in
        ["/", "/posts", "/posts/0192f5a0", "/calendar?view=week", "/settings/members", "/sign-in?token=x"]
    {
        let (status, headers, text) = built.get(path).await;
        assert_eq!((status, text.as_str()), (StatusCode::OK, FILES[0].1), "{path}");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in ["default-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("style-src"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "no-referrer");
    }
}

#[tokio::test]
async fn what_is_the_servers_is_no_page() {
    let built = Built::start().await;
    for path in [
        "/api/v1/nothing",
        "/api",
        "/v1",
        "/v1/",
        "/session/nothing",
        "/mcp/x",
        "/auth/x",
        "/oauth/x",
        "/media/x",
        "/uploads",
        "/connect",
        "/assets/gone.js",
        "/assets/",
        "/.well-known/x",
        "/wp-login.php",
        "/robots.txt",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
    ] {
        let (status, headers, text) = built.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers["content-type"], "application/json", "{path}");
        assert!(text.contains("\"not_found\""), "{path}: {text}");
    }
    for path in ["/healthz", "/docs", "/v1/openapi.json"] {
        let (status, _, text) = built.get(path).await;
        assert!(status.is_success() && text != FILES[0].1, "{path}");
    }
    // Who wants no page is told that there is nothing, and no page is written to.
    let (status, ..) = built.ask(Method::GET, "/posts", &[(header::ACCEPT, "application/json")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for method in [Method::POST, Method::DELETE, Method::PUT] {
        assert_eq!(built.ask(method, "/posts", &[]).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(built.ask(Method::POST, "/", &[]).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert!(built.server.get("/posts").await.status.is_success());
}

#[tokio::test]
async fn a_file_with_its_hash_in_the_name_is_kept_for_ever_and_comes_packed() {
    let built = Built::start().await;
    let path = "/assets/app-1a2b.js";
    for (accepts, text, encoding) in [
        ("", "plain", None),
        ("identity", "plain", None),
        ("gzip, deflate", "gzipped", Some("gzip")),
        ("gzip, deflate, br, zstd", "brotli", Some("br")),
        ("br;q=0, gzip;q=0.5", "gzipped", Some("gzip")),
    ] {
        let (status, headers, body) =
            built.ask(Method::GET, path, &[(header::ACCEPT_ENCODING, accepts)]).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, text), "{accepts}");
        let packed = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
        assert_eq!(packed, encoding, "{accepts}");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(headers["vary"], "accept-encoding");
        assert_eq!(headers["content-length"], text.len().to_string());
    }
    let (_, headers, text) = built.get("/favicon.svg").await;
    assert_eq!((headers["content-type"].to_str().unwrap(), text.as_str()), ("image/svg+xml", "<svg/>"));
    assert_eq!(headers["cache-control"], "no-cache", "its name stays when it changes");
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let built = Built::start().await;
    let (_, headers, _) = built.get("/").await;
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let known = format!("\"other\", {tag}");
    let (status, headers, text) = built.ask(Method::GET, "/posts", &[(header::IF_NONE_MATCH, &known)]).await;
    assert_eq!((status, text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(headers[header::ETAG], tag);
    let (status, ..) = built.ask(Method::GET, "/", &[(header::IF_NONE_MATCH, "\"other\"")]).await;
    assert_eq!(status, StatusCode::OK);
    let (status, headers, text) = built.ask(Method::HEAD, "/posts", &[]).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, ""));
    assert_eq!(headers["content-length"], FILES[0].1.len().to_string());
}

#[tokio::test]
async fn the_policy_names_the_bucket_that_files_are_sent_to() {
    let built = Built::over(Server::with_bucket().await);
    let (_, headers, _) = built.get("/").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    let connects = policy.split(';').find(|part| part.trim().starts_with("connect-src")).unwrap();
    assert!(connects.contains("'self' http"), "{connects}");
}

#[tokio::test]
async fn without_a_dashboard_its_links_lead_to_how_it_is_built() {
    let server = Server::start().await;
    for path in ["/", "/setup?token=1", "/sign-in?token=1", "/invitation?token=1"] {
        let (status, _, bytes) = server.raw(server.request(Method::GET, path, "")).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(String::from_utf8(bytes).unwrap().contains("npm run build"), "{path}");
    }
    let answer = server.send(server.request(Method::GET, "/posts", "")).await;
    assert_eq!(answer.refusal(), (404, "not_found", ""));
}
