//! Taking posts down (docs.x.com: delete a post).

use std::future::Future;
use std::pin::Pin;

use connector::{Cx, Deletion, Failure};
use http::Method;
use net::Request;

use super::errors::classify;
use super::publish::{State, address};
use super::{NAME, X};

impl Deletion for X {
    fn live(&self, platform_post_id: Option<&str>, state: Option<&str>) -> Vec<String> {
        let state = state.and_then(|text| serde_json::from_str::<State>(text).ok());
        let mut ids = state.map(|state| state.posted).unwrap_or_default();
        if let Some(id) = platform_post_id
            && !ids.iter().any(|known| known == id)
        {
            ids.insert(0, id.to_owned());
        }
        ids
    }

    fn delete<'a>(
        &'a self,
        cx: &'a Cx<'a>,
        id: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(delete(cx, id))
    }
}

async fn delete(cx: &Cx<'_>, id: &str) -> Result<(), Failure> {
    let url = address(cx, &format!("/2/tweets/{id}"))?;
    let request = Request::new(Method::DELETE, url).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() || answer.status == 404 { Ok(()) } else { Err(classify(&answer, cx.now())) }
}
