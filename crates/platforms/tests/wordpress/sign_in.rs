//! Connecting a site.

use connector::Connector as _;
use domain::Class;
use fanfare_platforms::wordpress::WordPress;
use net::{GuardedClient, GuardedConfig, Sent};
use serde_json::json;

use crate::real::Real;
use crate::support::{Site, World, sign_in};

#[tokio::test]
async fn a_site_is_found_and_signed_in_to_however_it_writes_its_addresses() {
    let mut sites = vec![
        (Site::emulated(json!({})).await, false),
        (Site::emulated(json!({"permalinks": "plain"})).await, true),
    ];
    sites.extend(Real::start("pretty").map(|site| (site, false)));
    sites.extend(Real::start("plain").map(|site| (site, true)));
    for (site, is_plain) in sites {
        let password = site.passwords["ana"].clone();
        // As WordPress shows it, in groups of four.
        let groups: Vec<&str> =
            password.as_bytes().chunks(4).map(|g| std::str::from_utf8(g).unwrap()).collect();
        let found = site.sign_in("ana", &groups.join(" ")).await.unwrap();
        let root = found.identity.service_url.clone().unwrap();
        assert_eq!(root.contains("rest_route="), is_plain, "{root}");
        assert!(root.starts_with(&site.url), "{root}");
        assert_eq!(found.identity.display_name, "Harbour Bakery");
        assert_eq!(found.identity.username.as_deref(), Some("ana"));
        let home = site.url.strip_prefix("http://").unwrap();
        assert!(found.identity.platform_user_id.starts_with(&format!("{home}#")), "{found:?}");
        assert!(found.identity.avatar_url.is_some());

        let wrong = site.sign_in("ana", "aaaa bbbb cccc dddd eeee ffff").await.unwrap_err();
        assert_eq!((wrong.class, wrong.sent), (Class::TokenExpired, Sent::Answered));
        let weak = site.sign_in("cora", &site.passwords["cora"]).await.unwrap();
        assert!(weak.obstacle.unwrap().contains("Author"));

        let world: World = site.world("ana").await;
        let known = WordPress.auth().identify(&world.bench.cx()).await.unwrap();
        assert_eq!(known, found.identity);
        // And it publishes through that address.
        let mut world = world;
        let receipt = world.bench.publish(&World::post(1, "Rye", &json!({}))).await.unwrap();
        assert_eq!(world.site.list("posts").await[0]["link"], receipt.platform_post_url.as_str());
    }
}

#[tokio::test]
async fn a_site_inside_the_network_is_called_only_where_the_operator_allows_it() {
    let site = Site::emulated(json!({})).await;
    let strict = GuardedClient::new(GuardedConfig::default()).unwrap();
    let password = &site.passwords["ana"];
    // Plain HTTP would carry the password openly.
    let open = sign_in(&site.url, "ana", password, &strict).await.unwrap_err();
    assert_eq!((open.class, open.sent), (Class::PermissionMissing, Sent::No));
    for url in ["https://127.0.0.1:1/", "https://localhost/", "https://[::1]/", "https://169.254.169.254/"] {
        let inside = sign_in(url, "ana", password, &strict).await.unwrap_err();
        assert_eq!((&inside.class, inside.sent), (&Class::PermissionMissing, Sent::No), "{url}");
        assert!(inside.public.contains("allow_private_networks"), "{url}: {}", inside.public);
    }
    assert!(site.sandbox.as_ref().unwrap().requests().is_empty());
}

#[tokio::test]
async fn what_cannot_be_an_address_or_a_name_is_refused() {
    let strict = GuardedClient::new(GuardedConfig::default()).unwrap();
    let wrong = sign_in("ftp://example.org", "ana", "x", &strict).await.unwrap_err();
    assert_eq!((wrong.class, wrong.sent), (Class::ContentRejected, Sent::No));
    let colon = Site::emulated(json!({})).await;
    let refused = colon.sign_in("ana:x", "y").await.unwrap_err();
    assert_eq!((refused.class, refused.sent), (Class::ContentRejected, Sent::No));
}

#[tokio::test]
async fn what_hinders_a_site_is_said() {
    let off = Site::emulated(json!({"no_application_passwords": true})).await;
    let failure = off.sign_in("ana", &off.passwords["ana"]).await.unwrap_err();
    assert_eq!(failure.class, Class::PermissionMissing);
    assert!(failure.public.contains("no application passwords"), "{}", failure.public);
    let stripped = Site::emulated(json!({"strips_authorization": true})).await;
    let failure = stripped.sign_in("ana", &stripped.passwords["ana"]).await.unwrap_err();
    assert_eq!(failure.class, Class::TokenExpired);
    assert!(failure.public.contains("Authorization"), "{}", failure.public);
    // Another host of the sandbox is a website, but no WordPress.
    let mut other = Site::emulated(json!({})).await;
    other.url = other.url.replace("blog.wp.example", "bsky.app");
    let failure = other.sign_in("ana", "x").await.unwrap_err();
    assert_eq!(failure.class, Class::PermissionMissing);
}
