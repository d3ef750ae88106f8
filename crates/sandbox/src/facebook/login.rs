//! Tokens: codes are exchanged, tokens extended, looked into, and taken back.

use domain::Timestamp;
use http::Method;
use serde_json::{Value, json};

use super::state::Facebook;
use crate::core::lock;
use crate::meta::error::GraphError;
use crate::meta::logins::{APP_ID, Token};
use crate::meta::request::GraphRequest;
use crate::meta::tokens::{DATA_ACCESS, LONG_LIFE, SHORT_LIFE, check_app};

/// `oauth/access_token`
pub(super) fn access_token(facebook: &Facebook, request: &GraphRequest) -> Result<Value, GraphError> {
    check_app(request)?;
    let _one_at_a_time = lock(&facebook.logins.gate);
    match request.get("grant_type") {
        None | Some("authorization_code") => exchange(facebook, request),
        Some("fb_exchange_token") => extend(facebook, request),
        Some("client_credentials") => {
            let text = format!("{APP_ID}|{}", facebook.world.entropy.token(27));
            let token = Token {
                user: String::new(),
                page: None,
                generation: 0,
                issued_at: facebook.world.now(),
                expires_at: None,
            };
            facebook.logins.tokens.put(&text, &token)?;
            Ok(json!({"access_token": text, "token_type": "bearer"}))
        }
        Some(_) => Err(GraphError::invalid("Invalid grant_type: it is not supported")),
    }
}

fn exchange(facebook: &Facebook, request: &GraphRequest) -> Result<Value, GraphError> {
    let presented = request.get("code").unwrap_or_default();
    let refuse = |subcode: i64, message: &str| Err(GraphError::new(100, message).subcode(subcode));
    let Some(code) = facebook.logins.codes.get(presented) else {
        return refuse(36_009, "This authorization code has been used.");
    };
    if request.get("redirect_uri") != Some(&code.redirect_uri) {
        let message = "Error validating verification code. Please make sure your redirect_uri is identical to \
                       the one you used in the OAuth dialog request";
        return refuse(36_008, message);
    }
    // It works once.
    facebook.logins.codes.delete(presented)?;
    if code.expires_at <= facebook.world.now() {
        return refuse(36_007, "This authorization code has expired.");
    }
    let ends = facebook.world.now() + SHORT_LIFE;
    let token = facebook.logins.issue(&code.user, None, Some(ends))?;
    Ok(json!({"access_token": token, "token_type": "bearer", "expires_in": SHORT_LIFE.as_seconds_ceil()}))
}

fn extend(facebook: &Facebook, request: &GraphRequest) -> Result<Value, GraphError> {
    let presented = request.get("fb_exchange_token").unwrap_or_default();
    let token = facebook.logins.tokens.get(presented).filter(|token| !token.user.is_empty());
    let token = token
        .ok_or_else(|| GraphError::new(190, "Invalid OAuth access token - Cannot parse access token"))?;
    facebook.logins.check(&token)?;
    let ends = facebook.world.now() + LONG_LIFE;
    let fresh = match &token.page {
        // A Page's token is what it is; the same one comes back.
        Some(_) => presented.to_owned(),
        None => facebook.logins.issue(&token.user, None, Some(ends))?,
    };
    Ok(json!({"access_token": fresh, "token_type": "bearer", "expires_in": LONG_LIFE.as_seconds_ceil()}))
}

/// `debug_token`
pub(super) fn debug_token(facebook: &Facebook, request: &GraphRequest) -> Result<Value, GraphError> {
    let asks = request.token.as_deref().unwrap_or_default();
    if !facebook.logins.is_app_token(asks) {
        facebook.logins.caller(request)?;
    }
    let presented = request.get("input_token").unwrap_or_default();
    let Some(token) = facebook.logins.tokens.get(presented) else {
        let error = json!({"code": 190, "message": "Invalid OAuth access token."});
        return Ok(json!({"data": {"is_valid": false, "error": error, "scopes": []}}));
    };
    let grant = facebook.logins.grants.get(&token.user).unwrap_or_default();
    let targets: Vec<Value> = grant
        .granted
        .iter()
        .map(|scope| match grant.targets(scope) {
            Some(pages) if scope.starts_with("pages_") => json!({"scope": scope, "target_ids": pages}),
            _ => json!({"scope": scope}),
        })
        .collect();
    let refused = facebook.logins.check(&token).err();
    let mut data = json!({
        "app_id": APP_ID,
        "type": if token.page.is_some() { "PAGE" } else if token.user.is_empty() { "APP" } else { "USER" },
        "application": "Fanfare in the sandbox",
        "is_valid": refused.is_none(),
        "issued_at": token.issued_at.as_seconds(),
        "expires_at": token.expires_at.map_or(0, Timestamp::as_seconds),
        "data_access_expires_at": (token.issued_at + DATA_ACCESS).as_seconds(),
        "user_id": token.user,
        "scopes": grant.granted,
        "granular_scopes": targets,
    });
    if let Some(page) = &token.page {
        data["profile_id"] = json!(page);
    }
    if let Some(refused) = refused {
        data["error"] = json!({"code": refused.code, "subcode": refused.subcode, "message": refused.message});
    }
    Ok(json!({"data": data}))
}

/// `me/permissions`, and taking them back
pub(super) fn permissions(facebook: &Facebook, request: &GraphRequest) -> Result<Value, GraphError> {
    let caller = facebook.logins.caller(request)?;
    match (&request.method, request.segments().as_slice()) {
        (&Method::GET, [_, _]) => {
            let entry =
                |status: &'static str| move |scope: &String| json!({"permission": scope, "status": status});
            let granted = caller.grant.granted.iter().map(entry("granted"));
            let data: Vec<Value> =
                granted.chain(caller.grant.declined.iter().map(entry("declined"))).collect();
            Ok(json!({"data": data}))
        }
        (&Method::DELETE, [_, _]) => {
            facebook.logins.end(&caller.user.id, 458)?;
            Ok(json!({"success": true}))
        }
        (&Method::DELETE, [_, _, scope]) => {
            facebook.logins.grants.update(&caller.user.id, |grant| {
                grant.granted.retain(|granted| granted != scope);
                grant.declined.push((*scope).to_owned());
            })?;
            Ok(json!({"success": true}))
        }
        _ => Err(GraphError::unsupported(request.method.as_str(), "permissions")),
    }
}
