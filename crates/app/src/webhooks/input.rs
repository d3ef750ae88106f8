//! What a webhook may be like.

use domain::event::EventKind;
use domain::webhook::{DESCRIPTION_MAX, NAME_MAX, URL_MAX};
use url::{Host, Url};

use crate::{App, AppError};

/// A public HTTPS address; any HTTP address where the operator lets private networks through.
pub(super) fn url(app: &App, text: &str) -> Result<String, AppError> {
    let refuse = |message: &str| AppError::validation("url", message);
    let text = text.trim();
    if text.len() > URL_MAX {
        return Err(refuse(&format!("url must have {URL_MAX} characters at most.")));
    }
    let example = "url must be an address such as https://example.org/hooks.";
    let url = Url::parse(text).map_err(|_| refuse(example))?;
    let guarded = &app.outside.guarded;
    let inside_allowed = guarded.allows_private_networks();
    match url.scheme() {
        "https" => {}
        "http" if inside_allowed => {}
        "http" => return Err(refuse("url must begin with https://.")),
        _ => return Err(refuse(example)),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("url must not carry a name or a password; the signature says who calls."));
    }
    let is_local = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => guarded.check_address(&url).is_err(),
        None => return Err(refuse(example)),
    };
    if is_local && !inside_allowed {
        return Err(refuse("url must lead to a public address, not to a local or private one."));
    }
    Ok(url.into())
}

/// At least one, each once, in the order in which they were given.
pub(super) fn events(names: &[String]) -> Result<Vec<EventKind>, AppError> {
    if names.is_empty() {
        return Err(AppError::validation("events", "events must name at least one event."));
    }
    let mut kinds = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let Some(kind) = EventKind::parse(name) else {
            let known: Vec<&str> = EventKind::SUBSCRIBABLE.iter().map(|kind| kind.as_str()).collect();
            let shown: String = name.chars().take(60).collect();
            let message = format!("\"{shown}\" is no event; there are {}.", known.join(", "));
            return Err(AppError::validation(format!("events[{at}]"), message));
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

pub(super) fn name(name: Option<String>) -> Result<Option<String>, AppError> {
    short("name", name, NAME_MAX)
}

pub(super) fn description(description: Option<String>) -> Result<Option<String>, AppError> {
    short("description", description, DESCRIPTION_MAX)
}

fn short(field: &'static str, text: Option<String>, most: usize) -> Result<Option<String>, AppError> {
    match text {
        Some(text) if text.chars().count() > most => {
            Err(AppError::validation(field, format!("{field} must have {most} characters at most.")))
        }
        text => Ok(text),
    }
}
