//! The page on which a person agrees to what an app asks for. Plain HTML; the choice goes back to
//! the address that showed the page, as the parameters by which tests agree without it.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

use super::page::{document, escape};

/// Somebody who can agree.
pub(crate) struct Person {
    /// The value of `sandbox_user`.
    pub(crate) handle: String,
    /// The shown name.
    pub(crate) name: String,
}

/// The page. `query` is the query of the address that shows it, as it came.
pub(crate) fn page(platform: &str, scopes: &[&str], people: &[Person], query: &str) -> String {
    let mut body = format!(
        "<main class=\"one\"><section><h2>{0}</h2><article><h1>Allow this app?</h1><p>It asks for these permissions on the \
         emulated {0}:</p><ul>",
        escape(platform)
    );
    for scope in scopes {
        let _ = write!(body, "<li>{}</li>", escape(scope));
    }
    body.push_str("</ul><form method=\"get\">");
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if !name.starts_with("sandbox_") {
            let _ = write!(
                body,
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escape(&name),
                escape(&value)
            );
        }
    }
    body.push_str("<p><label>As <select name=\"sandbox_user\">");
    for person in people {
        let _ = write!(
            body,
            "<option value=\"{}\">{} ({})</option>",
            escape(&person.handle),
            escape(&person.name),
            escape(&person.handle)
        );
    }
    body.push_str(
        "</select></label></p><p><button>Allow</button> <button name=\"sandbox_deny\" value=\"1\">Cancel</button>\
         </p></form></article></section></main>",
    );
    document(&format!("Sign in to {platform}"), &body)
}

/// Leads back to the app with these fields added to its address.
pub(crate) fn lead_back(mut target: Url, fields: &[(&str, &str)]) -> Response {
    target.query_pairs_mut().extend_pairs(fields);
    Redirect::to(target.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_goes_back_with_everything_that_came() {
        let people = [Person { handle: "ana".to_owned(), name: "<Ana>".to_owned() }];
        let page = page("X", &["a.read"], &people, "state=%22s&client_id=c&sandbox_user=other");
        for part in [
            "name=\"state\" value=\"&quot;s\"",
            "name=\"client_id\" value=\"c\"",
            "<li>a.read</li>",
            "<option value=\"ana\">&lt;Ana&gt; (ana)</option>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("other"));
    }
}
