//! How a request came in, so that the addresses an emulator hands out lead back to it.

/// The way a platform was addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The real host that was asked, such as `api.x.com`.
    pub(crate) host: String,
    route: Route,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Route {
    /// The host is the first segment of the path below this base, `http://127.0.0.1:9090`.
    Path { base: String },
    /// The host is in the `Host` header, with this port if the header named one.
    Host { port: Option<String> },
    /// Nobody asked over HTTP: the platform's own address.
    Real,
}

impl Origin {
    /// A request for `host` as first path segment; `authority` is its `Host` header.
    pub(crate) fn by_path(host: &str, authority: &str) -> Self {
        Self::below(host, &format!("http://{authority}"))
    }

    /// `host` as first path segment below `base`, which has no slash at its end.
    pub(crate) fn below(host: &str, base: &str) -> Self {
        Self { host: host.to_owned(), route: Route::Path { base: base.to_owned() } }
    }

    /// A request with `host` in its `Host` header.
    pub(crate) fn by_host(host: &str, port: Option<&str>) -> Self {
        Self { host: host.to_owned(), route: Route::Host { port: port.map(str::to_owned) } }
    }

    /// No request: addresses are the platform's own.
    pub(crate) fn real(host: &str) -> Self {
        Self { host: host.to_owned(), route: Route::Real }
    }

    /// The address of `path_and_query` (with its leading slash) on the real host `host`.
    pub(crate) fn url(&self, host: &str, path_and_query: &str) -> String {
        match &self.route {
            Route::Path { base } => format!("{base}/{host}{path_and_query}"),
            Route::Host { port: Some(port) } => format!("http://{host}:{port}{path_and_query}"),
            Route::Host { port: None } => format!("http://{host}{path_and_query}"),
            Route::Real => format!("https://{host}{path_and_query}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_back_the_way_the_request_came() {
        let by_path = Origin::by_path("api.x.com", "127.0.0.1:9090");
        assert_eq!(by_path.url("x.com", "/a/status/1"), "http://127.0.0.1:9090/x.com/a/status/1");
        let by_host = Origin::by_host("api.x.com", None);
        assert_eq!(by_host.url("x.com", "/a/status/1"), "http://x.com/a/status/1");
        let by_host = Origin::by_host("api.x.com", Some("9090"));
        assert_eq!(by_host.url("x.com", "/a"), "http://x.com:9090/a");
        assert_eq!(Origin::real("api.x.com").url("x.com", "/a"), "https://x.com/a");
    }
}
