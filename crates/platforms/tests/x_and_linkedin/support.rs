//! A sandbox on a port of its own, and an account of it on a bench.

use std::sync::Arc;

use connector::suite::{Bench, Connected};
use connector::{AccountRef, AppCredentials, Connector, Credentials, Hosts, Receipt};
use domain::{AccountId, Timestamp};
use sandbox::{
    CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig,
    SystemSandboxClock,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A sandbox with one connected account.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    platform: &'static str,
}

impl World {
    pub(crate) async fn new(
        connector: impl Connector + 'static,
        platform: &'static str,
        wanted: CreateAccount,
    ) -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        let account = sandbox.create_account(platform, &CreateAccount { token: true, ..wanted }).unwrap();
        let connected = connected(Hosts::sandbox(connector.spec(), &base), account);
        let moved = sandbox.clone();
        let bench = Bench::new(connector, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, platform }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of(self.platform, None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let fault =
            FaultSpec { operation: Some(operation.to_owned()), ..FaultSpec::new(self.platform, kind) };
        self.sandbox.add_fault(fault).unwrap();
    }

    pub(crate) fn fault_with_status(&self, status: u16, operation: &str) {
        self.sandbox
            .add_fault(FaultSpec {
                operation: Some(operation.to_owned()),
                status: Some(status),
                ..FaultSpec::new(self.platform, FaultKind::Error)
            })
            .unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        let held = &self.bench.connected.credentials;
        let secrets = [
            Some(&held.access_token),
            held.refresh_token.as_ref(),
            Some(&self.bench.connected.app.client_secret),
        ];
        for secret in secrets.into_iter().flatten().filter(|secret| !secret.is_empty()) {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
    }
}

/// Asserts that these texts are live, each once and in this order, the first where the receipt
/// says; then takes them down.
pub(crate) fn take_down(sandbox: &Sandbox, texts: &[&str], what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, texts, "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    for pair in posts.windows(2) {
        assert_eq!(pair[1].reply_to.as_ref(), Some(&pair[0].id), "{what}");
    }
    sandbox.forget_posts().unwrap();
}

fn connected(hosts: Hosts, account: CreatedAccount) -> Connected {
    let held = account.credentials.unwrap();
    let moment = |text: Option<String>| text.map(|text| Timestamp::parse(&text).unwrap());
    // Pages of an organization are stored with their URN, people with their id.
    let urn =
        account.extra.get("urn").and_then(|urn| urn.as_str()).filter(|urn| urn.contains("organization"));
    Connected {
        hosts,
        account: AccountRef {
            id: AccountId(1),
            platform_user_id: urn.map_or(account.platform_user_id, ToOwned::to_owned),
            username: Some(account.username),
            display_name: account.display_name,
            premium: false,
            service_url: None,
        },
        credentials: Credentials {
            access_token: held.access_token,
            refresh_token: held.refresh_token,
            access_expires_at: moment(held.expires_at),
            refresh_expires_at: moment(held.refresh_expires_at),
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}

/// Serves one page of HTML at every path but `/gone`. Answers its address, without a slash at the
/// end.
pub(crate) async fn page(html: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let status = if asked.starts_with(b"GET /gone ") { "404 Not Found" } else { "200 OK" };
            let length = html.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(html.as_bytes()).await;
        }
    });
    format!("http://{address}")
}
