//! Lists in pages: `limit` and opaque cursors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::request::GraphRequest;
use crate::core::origin::Origin;

/// One page of `all`, in Graph's envelope. Each entry comes with the id that its cursor is made of.
pub(crate) fn page(
    request: &GraphRequest,
    origin: &Origin,
    all: Vec<(String, Value)>,
    usual_limit: usize,
) -> Value {
    let limit = request.get("limit").and_then(|text| text.parse().ok()).unwrap_or(usual_limit).clamp(1, 100);
    let after = request.get("after").and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok());
    let start = after.map_or(0, |id| {
        all.iter().position(|(other, _)| other.as_bytes() == id).map_or(all.len(), |place| place + 1)
    });
    let more = all.len() > start + limit;
    let shown: Vec<(String, Value)> = all.into_iter().skip(start).take(limit).collect();
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return json!({"data": []}) };
    let cursor = |id: &str| URL_SAFE_NO_PAD.encode(id);
    let mut paging = json!({"cursors": {"before": cursor(&first.0), "after": cursor(&last.0)}});
    if more {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &request.params {
            if name != "after" {
                query.append_pair(name, value);
            }
        }
        if request.get("access_token").is_none() {
            query.append_pair("access_token", request.token.as_deref().unwrap_or_default());
        }
        query.append_pair("after", &cursor(&last.0));
        let version = request.version.as_deref().map(|version| format!("/{version}")).unwrap_or_default();
        let path = format!("{version}/{}?{}", request.path.join("/"), query.finish());
        paging["next"] = json!(origin.url(&origin.host, &path));
    }
    let data: Vec<Value> = shown.into_iter().map(|(_, value)| value).collect();
    json!({"data": data, "paging": paging})
}
