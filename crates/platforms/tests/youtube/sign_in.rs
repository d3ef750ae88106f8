//! Connecting: from the address of the consent page to the tokens of a channel.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connector::{AppCredentials, Connector as _, Failure, Grant, Hosts, Login, OAuthLogin, SignInCx};
use domain::{Class, Span, Timestamp};
use fanfare_platforms::youtube::YouTube;
use net::{Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, Request, SeededEntropy};
use sandbox::{CreateAccount, FaultKind, FaultSpec, Sandbox};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::support::serve;

const CALLBACK: &str = "https://fanfare.example/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-them";

fn login() -> &'static OAuthLogin {
    &YouTube::default().spec().logins[0]
}

fn owner(sandbox: &Sandbox, extra: &Value) -> AppCredentials {
    let mut wanted = CreateAccount { extra: extra.as_object().unwrap().clone(), ..CreateAccount::default() };
    wanted.username = Some("harbour".to_owned());
    wanted.display_name = Some("Harbour Films".to_owned());
    let made = sandbox.create_account("youtube", &wanted).unwrap();
    AppCredentials { client_id: made.client_id, client_secret: made.client_secret }
}

/// Agrees as a browser does; answers what comes back.
async fn agree(base: &str, app: &AppCredentials, answers: &[(&str, &str)]) -> Vec<(String, String)> {
    let hosts = Hosts::sandbox(YouTube::default().spec(), base);
    let mut url = hosts.url(login().host, login().path).unwrap();
    let scopes = [login().scopes, login().optional_scopes].concat().join(login().scope_separator);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    url.query_pairs_mut()
        .extend_pairs(login().extra)
        .extend_pairs([(login().client_id_key, app.client_id.as_str()), ("redirect_uri", CALLBACK)])
        .extend_pairs([("response_type", "code"), ("scope", scopes.as_str()), ("state", "s 1")])
        .extend_pairs([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")])
        .extend_pairs(answers);
    let answer = Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap();
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let back = Url::parse(answer.header("location").unwrap()).unwrap();
    back.query_pairs().into_owned().collect()
}

async fn exchange(base: &str, app: &AppCredentials, code: &str, now: Timestamp) -> Result<Login, Failure> {
    let cx = SignInCx {
        http: &Client::new(ClientConfig::default()).unwrap(),
        guarded: &GuardedClient::new(GuardedConfig::default()).unwrap(),
        clock: &FrozenClock::new(now),
        entropy: &SeededEntropy::new(1),
        hosts: &Hosts::sandbox(YouTube::default().spec(), base),
        app,
    };
    let grant = Grant { login: login(), code, verifier: VERIFIER, redirect_uri: CALLBACK };
    YouTube::default().auth().oauth().unwrap().sign_in(&cx, grant).await
}

async fn connect(extra: &Value, answers: &[(&str, &str)]) -> Login {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, extra);
    let back = agree(&base, &app, answers).await;
    let code = back.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    exchange(&base, &app, &code, sandbox.now()).await.unwrap()
}

#[tokio::test]
async fn the_chosen_channel_is_connected_with_a_refresh_token_that_has_no_end() {
    let login = connect(&json!({}), &[("sandbox_user", "harbour")]).await;
    let [channel] = login.found.as_slice() else { panic!("{login:?}") };
    assert_eq!((channel.kind, &channel.obstacle), ("channel", &None));
    assert!(channel.identity.platform_user_id.starts_with("UC"));
    assert_eq!(channel.identity.username.as_deref(), Some("harbour"));
    assert_eq!(channel.identity.display_name, "Harbour Films");
    assert!(channel.identity.avatar_url.is_some() && login.declined_scopes.is_empty());
    assert!(channel.credentials.refresh_token.is_some() && channel.credentials.access_expires_at.is_some());
    assert_eq!(channel.credentials.access_ends_at(), None);
}

#[tokio::test]
async fn of_several_channels_the_one_that_was_picked_is_connected() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({}));
    let wanted = CreateAccount {
        username: Some("harbour.kitchen".to_owned()),
        display_name: Some("Harbour Kitchen".to_owned()),
        ..CreateAccount::default()
    };
    let second = sandbox.create_account("youtube", &wanted).unwrap();
    for (handle, title) in [("harbour.kitchen", "Harbour Kitchen"), ("harbour", "Harbour Films")] {
        let back = agree(&base, &app, &[("sandbox_user", handle)]).await;
        let code = back.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        let login = exchange(&base, &app, &code, sandbox.now()).await.unwrap();
        let [channel] = login.found.as_slice() else { panic!("{login:?}") };
        assert_eq!(channel.identity.display_name, title);
        let is_second = channel.identity.platform_user_id == second.platform_user_id;
        assert_eq!(is_second, handle == "harbour.kitchen");
    }
}

#[tokio::test]
async fn an_app_in_testing_is_given_seven_days() {
    let login = connect(&json!({"testing": true}), &[("sandbox_user", "harbour")]).await;
    let held = &login.found[0].credentials;
    let lasts = held.access_ends_at().unwrap().since(held.access_expires_at.unwrap());
    assert!(lasts > Span::from_days(6) && lasts < Span::from_days(7), "{lasts:?}");
}

#[tokio::test]
async fn a_google_account_without_a_channel_says_so() {
    let login = connect(&json!({"channel": false}), &[("sandbox_user", "harbour")]).await;
    assert!(login.found[0].obstacle.as_ref().unwrap().contains("no YouTube channel"), "{login:?}");
}

#[tokio::test]
async fn unticked_scopes_are_named() {
    let upload = "https://www.googleapis.com/auth/youtube.upload";
    let some = connect(&json!({}), &[("sandbox_user", "harbour"), ("sandbox_scope", upload)]).await;
    assert!(some.found.is_empty());
    assert!(some.declined_scopes.iter().any(|scope| scope.ends_with("youtube.readonly")));
    let needed = login().scopes.join(" ");
    let most = connect(&json!({}), &[("sandbox_user", "harbour"), ("sandbox_scope", needed.as_str())]).await;
    assert_eq!((most.found.len(), most.declined_scopes.len()), (1, 2));
}

#[tokio::test]
async fn a_code_works_once_and_a_wrong_secret_is_the_apps_fault() {
    let (sandbox, base) = serve().await;
    let app = owner(&sandbox, &json!({}));
    let denied = agree(&base, &app, &[("sandbox_deny", "1")]).await;
    assert_eq!(denied[0], ("error".to_owned(), "access_denied".to_owned()));
    let back = agree(&base, &app, &[("sandbox_user", "harbour")]).await;
    let code = back.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    let wrong = AppCredentials { client_secret: "other".to_owned(), ..app.clone() };
    let refused = exchange(&base, &wrong, &code, sandbox.now()).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing);
    let fault = FaultSpec {
        operation: Some("exchange_code".to_owned()),
        ..FaultSpec::new("youtube", FaultKind::Error)
    };
    sandbox.add_fault(fault).unwrap();
    let down = exchange(&base, &app, &code, sandbox.now()).await.unwrap_err();
    assert_eq!(down.class, Class::Transient);
    exchange(&base, &app, &code, sandbox.now()).await.unwrap();
    let again = exchange(&base, &app, &code, sandbox.now()).await.unwrap_err();
    assert_eq!(again.class, Class::TokenExpired);
}
