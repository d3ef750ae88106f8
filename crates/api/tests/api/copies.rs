//! Copies that were made for a platform: fetched like the files that they stand for.

use std::io::Cursor;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use domain::{DestinationId, Span};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use tower::ServiceExt as _;

use crate::support::{START, Server};

#[tokio::test]
async fn a_platform_fetches_the_copy_by_an_address_of_its_own() {
    let server = Server::start().await;
    let account = server.connect("bluesky").await;
    // More bytes than are taken there.
    let mut state = 3_u32;
    let noise = RgbImage::from_fn(640, 640, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = state.to_be_bytes();
        Rgb([red, green, blue])
    });
    let mut bytes = Vec::new();
    noise.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    let media = server.store_file("noise.png", &bytes).await;
    let body = json!({ "content": "noise", "account_ids": [account], "media_ids": [media] });
    let post = server.create_post(body).await;
    server.advance(Span::from_minutes(5)).await;
    let results = server.get(&format!("/posts/{post}/results")).await;
    let result = &results.data()["results"][0];
    assert_eq!(result["status"], "published", "{result}");
    let destination = DestinationId(result["id"].as_str().unwrap().parse().unwrap());
    let organization = server.organization.id;
    let copies = server.app.store.list_media_copies(organization, destination).await.unwrap();
    assert_eq!(copies[0].filename, "noise.jpg");
    let path = server.app.store.media_path(organization, copies[0].id, &copies[0].filename, START);
    let fetch = |path: String| {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        server.routes().oneshot(request)
    };
    let answer = fetch(path.clone()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/jpeg");
    let fetched = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    assert_eq!(i64::try_from(fetched.len()).unwrap(), copies[0].size_bytes);
    // By another name, or in another organization, there is no such file.
    let renamed = path.replace("noise.jpg", "noise.png");
    assert_eq!(fetch(renamed).await.unwrap().status(), StatusCode::NOT_FOUND);
    let foreign = domain::OrganizationId(copies[0].id.0);
    let elsewhere = server.app.store.media_path(foreign, copies[0].id, "noise.jpg", START);
    assert_eq!(fetch(elsewhere).await.unwrap().status(), StatusCode::NOT_FOUND);
}
