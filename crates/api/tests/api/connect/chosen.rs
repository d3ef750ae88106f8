//! What a login opened, and which of it is connected.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::plan::{Limit, PlanChanges};
use serde_json::json;

use super::user;
use crate::support::Server;

#[tokio::test]
async fn a_member_is_connected_at_once_and_pages_are_chosen() {
    let server = Server::start().await;
    let ana = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    let (_, back) = server.go("linkedin", &[("sandbox_user", "ana")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("LinkedIn is connected") && page.text.contains("Ana Ruiz"), "{}", page.text);

    for (name, role) in [
        ("Harbour Bakery", "ADMINISTRATOR"),
        ("Mill & Sons", "CONTENT_ADMINISTRATOR"),
        ("Old Mill", "ANALYST"),
    ] {
        let mut page = user(&name.to_lowercase().replace([' ', '&'], "-"), name);
        page.organization = true;
        page.extra.insert("admin".to_owned(), json!(ana));
        page.extra.insert("role".to_owned(), json!(role));
        server.platform_user("linkedin", &page);
    }
    let link =
        server.post("/accounts/connect-link", json!({ "platform": "linkedin", "login": "pages" })).await;
    let link = link.data().clone();
    let authorize = server.open(link["url"].as_str().unwrap()).await.location();
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let choice = server.open(&back).await;
    let cookie = choice.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/connect/choose/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let place = choice.location();
    assert_eq!(server.state_of(&link).await["status"], "pending");
    assert_eq!(server.open(place.as_str()).await.status, StatusCode::NOT_FOUND, "another browser");

    let shown = |query: &str| {
        let request = Request::get(format!("{}{query}", place.path())).header(header::COOKIE, &cookie);
        server.visit(request.body(Body::empty()).unwrap())
    };
    let page = shown("").await;
    for name in ["Ana Ruiz", "Harbour Bakery", "Mill &amp; Sons", "Old Mill", "may not publish"] {
        assert!(page.text.contains(name), "{name}: {}", page.text);
    }
    assert_eq!(page.text.matches(" disabled").count(), 1);
    let narrowed = shown("?q=mill").await;
    assert!(narrowed.text.contains("Mill &amp; Sons") && !narrowed.text.contains("Harbour Bakery"));

    let token =
        page.text.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let send = |body: String| {
        let request = Request::post(place.path())
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        server.visit(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(send("do=connect&pick=1&form=forged".to_owned()).await.status, StatusCode::NOT_FOUND);
    // Two and one more are there already: for one there is room, for two there is none.
    let most = |most| PlanChanges { accounts: Some(Limit::AtMost(most)), ..PlanChanges::default() };
    server.limit(most(4)).await;
    let full = send(format!("do=connect&pick=1&pick=2&form={token}")).await;
    assert_eq!(full.status, StatusCode::FORBIDDEN);
    assert!(full.text.contains("may have 4 connected accounts"), "{}", full.text);
    assert_eq!(server.count().await, 3, "none of them is connected");
    server.limit(most(5)).await;
    let none = send(format!("do=connect&form={token}")).await;
    assert!(none.text.contains("Nothing is ticked"), "{}", none.text);
    let hindered = send(format!("do=connect&pick=3&pick=99&form={token}")).await;
    assert!(hindered.text.contains("Nothing is ticked"), "{}", hindered.text);
    let searched = send(format!("do=search&q=mill&pick=1&form={token}")).await;
    assert!(searched.text.contains("type=\"hidden\" name=\"pick\" value=\"1\""), "{}", searched.text);
    let done = send(format!("do=connect&pick=1&pick=2&form={token}")).await;
    assert!(done.text.contains("Harbour Bakery") && done.text.contains("Mill &amp; Sons"), "{}", done.text);
    assert_eq!(send(format!("do=connect&pick=1&form={token}")).await.status, StatusCode::GONE);

    let state = server.state_of(&link).await;
    assert_eq!(state["accounts"].as_array().unwrap().len(), 2);
    let detail = server.get(&format!("/accounts/{}", state["account"]["account_id"])).await;
    let urn = detail.data()["platform_user_id"].as_str().unwrap();
    assert!(urn.starts_with("urn:li:organization:"), "{urn}");

    // It is renewed by the login that opened it, and by nobody's choice again.
    let id = &state["account"]["account_id"];
    let again = server.call(Method::POST, &format!("/accounts/{id}/reconnect"), None).await;
    let authorize = server.open(again.data()["url"].as_str().unwrap()).await.location();
    assert!(authorize.as_str().contains("rw_organization_admin"), "{authorize}");
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let page = server.open(&back).await;
    assert!(
        page.text.contains("LinkedIn is connected again") && page.text.contains("Harbour Bakery"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn of_a_google_accounts_channels_the_one_picked_there_is_connected() {
    let server = Server::start().await;
    for (handle, title) in [("mill", "Mill"), ("mill.kitchen", "Mill's Kitchen")] {
        server.platform_user("youtube", &user(handle, title));
    }
    let mut nobody = user("visitor", "Visitor");
    nobody.extra.insert("channel".to_owned(), json!(false));
    server.platform_user("youtube", &nobody);

    let (link, back) = server.go("youtube", &[("sandbox_user", "mill.kitchen")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("<h1>YouTube is connected</h1>"), "{}", page.text);
    let state = server.state_of(&link).await;
    assert_eq!(state["status"], "completed");
    assert_eq!(state["account"]["account_name"], "@mill.kitchen");
    assert_eq!(state["account"]["health"], json!({ "status": "healthy", "can_post": true }));

    let (link, back) = server.go("youtube", &[("sandbox_user", "visitor")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("has no YouTube channel"), "{}", page.text);
    assert_eq!(server.state_of(&link).await["status"], "cancelled");
    assert_eq!(server.count().await, 3);
}

#[tokio::test]
async fn five_hundred_pages_are_one_list_that_can_be_searched_and_sent() {
    let server = Server::start().await;
    let ana = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    for number in 0..500 {
        let mut page = user(&format!("page-{number}"), &format!("Branch No. {number:03}"));
        page.organization = true;
        page.extra.insert("admin".to_owned(), json!(ana));
        server.platform_user("linkedin", &page);
    }
    let link =
        server.post("/accounts/connect-link", json!({ "platform": "linkedin", "login": "pages" })).await;
    let authorize = server.open(link.data()["url"].as_str().unwrap()).await.location();
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let choice = server.open(&back).await;
    let cookie = choice.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let place = choice.location().path().to_owned();
    let request = |method: Method, body: String| {
        let request = Request::builder().method(method).uri(&place).header(header::COOKIE, &cookie);
        let form = "application/x-www-form-urlencoded";
        server.visit(request.header(header::CONTENT_TYPE, form).body(Body::from(body)).unwrap())
    };
    let page = request(Method::GET, String::new()).await;
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 501);
    let token = page.text.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let found = request(Method::POST, format!("do=search&q=no.+04&form={token}")).await;
    assert_eq!(found.text.matches("type=\"checkbox\"").count(), 10);
    assert!(found.text.contains("10 of 501 shown."), "{}", found.text);
    let all: Vec<String> = (0..=500).map(|place| format!("pick={place}")).collect();
    let done = request(Method::POST, format!("do=connect&form={token}&{}", all.join("&"))).await;
    assert!(done.text.contains("Branch No. 499"), "{}", done.text);
    assert_eq!(server.count().await, 503);
}
