//! Connecting by either login: from the address of the consent page to tokens.

use connector::{AppCredentials, Connector as _, Failure, Grant, Hosts, Login, OAuthLogin, SignInCx};
use domain::{Class, Timestamp};
use fanfare_platforms::instagram::Instagram;
use net::{Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, Request, SeededEntropy};
use sandbox::{CreateAccount, CreatedAccount, FaultKind, FaultSpec, Sandbox};
use serde_json::json;
use url::Url;

use crate::support::serve;

const CALLBACK: &str = "https://fanfare.example/callback";

fn login(name: &str) -> &'static OAuthLogin {
    Instagram.spec().logins.iter().find(|login| login.name == name).unwrap()
}

fn account(sandbox: &Sandbox, username: &str, extra: &serde_json::Value) -> CreatedAccount {
    let wanted = CreateAccount {
        username: Some(username.to_owned()),
        extra: extra.as_object().unwrap().clone(),
        ..CreateAccount::default()
    };
    sandbox.create_account("instagram", &wanted).unwrap()
}

fn app(made: &CreatedAccount) -> AppCredentials {
    AppCredentials { client_id: made.client_id.clone(), client_secret: made.client_secret.clone() }
}

/// The address of the consent page, as a server makes it, with these answers of the person.
fn consent(hosts: &Hosts, login: &OAuthLogin, app: &AppCredentials, answers: &[(&str, &str)]) -> Url {
    let path = login.path.replace("{version}", hosts.version());
    let mut url = hosts.url(login.host, &path).unwrap();
    let scopes = [login.scopes, login.optional_scopes].concat().join(login.scope_separator);
    url.query_pairs_mut()
        .extend_pairs(login.extra)
        .extend_pairs([(login.client_id_key, app.client_id.as_str()), ("redirect_uri", CALLBACK)])
        .extend_pairs([("response_type", "code"), ("scope", scopes.as_str()), ("state", "s 1")])
        .extend_pairs(answers);
    url
}

/// Where the person's browser is sent.
async fn agree(url: Url) -> Url {
    let answer = Client::new(ClientConfig::default()).unwrap().send(Request::get(url)).await.unwrap();
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let back = Url::parse(answer.header("location").unwrap()).unwrap();
    assert!(back.as_str().starts_with(CALLBACK));
    back
}

fn param(back: &Url, name: &str) -> String {
    back.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned()
}

async fn sign_in(
    hosts: &Hosts,
    login: &'static OAuthLogin,
    app: &AppCredentials,
    code: &str,
    now: Timestamp,
) -> Result<Login, Failure> {
    let cx = SignInCx {
        http: &Client::new(ClientConfig::default()).unwrap(),
        guarded: &GuardedClient::new(GuardedConfig::default()).unwrap(),
        clock: &FrozenClock::new(now),
        entropy: &SeededEntropy::new(1),
        hosts,
        app,
    };
    let grant = Grant { login, code, verifier: "", redirect_uri: CALLBACK };
    Instagram.auth().oauth().unwrap().sign_in(&cx, grant).await
}

/// Agrees with these answers and signs in.
async fn connect(
    (sandbox, base): (&Sandbox, &str),
    name: &str,
    app: &AppCredentials,
    answers: &[(&str, &str)],
) -> Result<Login, Failure> {
    let hosts = Hosts::sandbox(Instagram.spec(), base);
    let back = agree(consent(&hosts, login(name), app, answers)).await;
    assert_eq!(param(&back, "state"), "s 1");
    sign_in(&hosts, login(name), app, &param(&back, "code"), sandbox.now()).await
}

#[tokio::test]
async fn instagram_login_opens_the_account_for_sixty_days_in_both_forms_of_the_answer() {
    for form in ["wrapped", "flat"] {
        let (sandbox, base) = serve().await;
        let made = account(&sandbox, "ana", &json!({"token_answer": form}));
        let opened =
            connect((&sandbox, &base), "instagram", &app(&made), &[("sandbox_user", "ana")]).await.unwrap();
        assert_eq!((opened.found.len(), opened.declined_scopes.len()), (1, 0));
        let found = &opened.found[0];
        assert_eq!(found.identity.platform_user_id, made.platform_user_id);
        assert_eq!(found.identity.username.as_deref(), Some("ana"));
        assert_eq!(opened.owner_id.as_deref(), made.extra["app_scoped_id"].as_str());
        assert_eq!((found.kind, &found.obstacle), ("profile", &None));
        assert!(found.credentials.renews_itself && found.credentials.is_renewable());
        let lives = found.credentials.access_expires_at.unwrap().since(sandbox.now());
        assert!(lives > domain::Span::from_days(59), "{lives:?}");
        assert!(found.credentials.scopes.contains(&"instagram_business_content_publish".to_owned()));
    }
}

#[tokio::test]
async fn the_signs_that_instagram_appends_are_not_part_of_the_code() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({}));
    let hosts = Hosts::sandbox(Instagram.spec(), &base);
    let answers = [("sandbox_user", "ana")];
    let back = agree(consent(&hosts, login("instagram"), &app(&made), &answers)).await;
    assert_eq!(back.fragment(), Some("_"));
    let code = format!("{}#_", param(&back, "code"));
    sign_in(&hosts, login("instagram"), &app(&made), &code, sandbox.now()).await.unwrap();
}

#[tokio::test]
async fn a_person_can_say_no_or_leave_scopes_unticked() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({}));
    let at = (&sandbox, base.as_str());
    let hosts = Hosts::sandbox(Instagram.spec(), &base);
    let back = agree(consent(&hosts, login("instagram"), &app(&made), &[("sandbox_deny", "1")])).await;
    assert_eq!((param(&back, "error"), param(&back, "state")), ("access_denied".into(), "s 1".into()));

    let unticked = |scope| [("sandbox_user", "ana"), ("sandbox_decline", scope)];
    let optional = unticked("instagram_business_manage_insights");
    let opened = connect(at, "instagram", &app(&made), &optional).await.unwrap();
    assert_eq!(opened.declined_scopes, ["instagram_business_manage_insights"]);
    assert_eq!(opened.found[0].obstacle, None);

    let needed = unticked("instagram_business_content_publish");
    let opened = connect(at, "instagram", &app(&made), &needed).await.unwrap();
    assert!(opened.found[0].obstacle.as_ref().unwrap().contains("content_publish"));

    let basic = unticked("instagram_business_basic");
    let opened = connect(at, "instagram", &app(&made), &basic).await.unwrap();
    assert_eq!((opened.found.len(), opened.declined_scopes.len()), (0, 1));
}

#[tokio::test]
async fn a_person_in_a_browser_is_asked_and_the_form_leads_back() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({}));
    let hosts = Hosts::sandbox(Instagram.spec(), &base);
    let url = consent(&hosts, login("instagram"), &app(&made), &[]);
    let http = Client::new(ClientConfig::default()).unwrap();
    let page = http.send(Request::get(url.clone())).await.unwrap();
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert_eq!(page.status, 200);
    assert!(html.contains("value=\"instagram_business_manage_comments\" checked"), "{html}");
    let ticked = [
        ("sandbox_form", "1"),
        ("sandbox_user", "ana"),
        ("sandbox_scope", "instagram_business_basic"),
        ("sandbox_scope", "instagram_business_content_publish"),
    ];
    let opened = connect((&sandbox, &base), "instagram", &app(&made), &ticked).await.unwrap();
    assert_eq!(
        opened.declined_scopes,
        ["instagram_business_manage_comments", "instagram_business_manage_insights"]
    );
}

#[tokio::test]
async fn a_personal_account_is_found_with_what_to_do() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({"account_type": "PERSONAL"}));
    let opened =
        connect((&sandbox, &base), "instagram", &app(&made), &[("sandbox_user", "ana")]).await.unwrap();
    assert!(opened.found[0].obstacle.as_ref().unwrap().contains("professional"));
}

#[tokio::test]
async fn a_code_works_once_and_only_for_its_app() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({}));
    let hosts = Hosts::sandbox(Instagram.spec(), &base);
    let answers = [("sandbox_user", "ana")];
    let back = agree(consent(&hosts, login("instagram"), &app(&made), &answers)).await;
    let code = param(&back, "code");
    let now = sandbox.now();
    let stranger = AppCredentials { client_secret: "wrong".to_owned(), ..app(&made) };
    let refused = sign_in(&hosts, login("instagram"), &stranger, &code, now).await.unwrap_err();
    assert_eq!(refused.class, Class::PermissionMissing, "{refused:?}");
    sign_in(&hosts, login("instagram"), &app(&made), &code, now).await.unwrap();
    let refused = sign_in(&hosts, login("instagram"), &app(&made), &code, now).await.unwrap_err();
    assert_eq!(refused.class, Class::TokenExpired, "{refused:?}");
}

#[tokio::test]
async fn facebook_login_opens_every_account_behind_a_page() {
    let (sandbox, base) = serve().await;
    let extra = json!({"login": "facebook", "facebook_user": "Ana"});
    let made = account(&sandbox, "harbour", &extra);
    let other = account(&sandbox, "mill", &extra);
    let mut page =
        CreateAccount { display_name: Some("No Instagram".to_owned()), ..CreateAccount::default() };
    page.extra.insert("user".to_owned(), json!("Ana"));
    sandbox.create_account("facebook", &page).unwrap();
    let opened =
        connect((&sandbox, &base), "facebook", &app(&made), &[("sandbox_user", "Ana")]).await.unwrap();
    let ids: Vec<&str> = opened.found.iter().map(|found| found.identity.platform_user_id.as_str()).collect();
    assert_eq!(ids, [made.platform_user_id.as_str(), other.platform_user_id.as_str()]);
    for found in &opened.found {
        assert_eq!((found.credentials.access_expires_at, found.credentials.renews_itself), (None, false));
        assert!(found.credentials.scopes.contains(&"instagram_content_publish".to_owned()));
        assert_eq!(found.obstacle, None);
    }
    assert_ne!(opened.found[0].credentials.access_token, opened.found[1].credentials.access_token);
    assert!(opened.owner_id.is_some());

    let answers = [("sandbox_user", "Ana"), ("sandbox_decline", "instagram_content_publish")];
    let opened = connect((&sandbox, &base), "facebook", &app(&made), &answers).await.unwrap();
    assert_eq!(opened.declined_scopes, ["instagram_content_publish"]);
    assert!(opened.found[0].obstacle.as_ref().unwrap().contains("instagram_content_publish"));
}

#[tokio::test]
async fn pages_without_an_account_are_named() {
    let (sandbox, base) = serve().await;
    let mut page = CreateAccount { display_name: Some("Quiet Page".to_owned()), ..CreateAccount::default() };
    page.extra.insert("user".to_owned(), json!("Ana"));
    let made = sandbox.create_account("facebook", &page).unwrap();
    let answers = [("sandbox_user", "Ana")];
    let refused = connect((&sandbox, &base), "facebook", &app(&made), &answers).await.unwrap_err();
    assert_eq!(refused.class, Class::AccountRestricted);
    assert!(refused.public.contains("Quiet Page"), "{}", refused.public);
}

#[tokio::test]
async fn a_login_that_fails_in_passing_says_no_secret() {
    let (sandbox, base) = serve().await;
    let made = account(&sandbox, "ana", &json!({}));
    let hosts = Hosts::sandbox(Instagram.spec(), &base);
    for operation in ["exchange_code", "long_token", "me"] {
        let answers = [("sandbox_user", "ana")];
        let back = agree(consent(&hosts, login("instagram"), &app(&made), &answers)).await;
        let code = param(&back, "code");
        let fault = FaultSpec {
            operation: Some(operation.to_owned()),
            ..FaultSpec::new("instagram", FaultKind::Error)
        };
        sandbox.add_fault(fault).unwrap();
        let failed =
            sign_in(&hosts, login("instagram"), &app(&made), &code, sandbox.now()).await.unwrap_err();
        assert_eq!(failed.class, Class::Transient, "{operation}: {failed:?}");
        assert!(!format!("{failed:?}").contains(code.as_str()));
    }
}
