//! Tags and categories: names in the settings, ids on the site.

use connector::{Cx, Failure, Next, Publication};
use domain::Settings;
use net::Request;

use super::state::{Stage, State};
use super::wire::{NewTerm, Term};
use super::{errors, rest};

/// The most terms of one kind; further ones are left out.
const TERMS_MAX: usize = 50;

/// The names under `key`: a list, or a text with commas.
pub(super) fn named(settings: &Settings, key: &str) -> Vec<String> {
    let values = settings.0.get(key);
    let listed = values.and_then(|value| value.as_array()).into_iter().flatten();
    let mut names: Vec<String> = listed
        .filter_map(|value| value.as_str().map(str::to_owned).or_else(|| Some(value.as_u64()?.to_string())))
        .collect();
    if let Some(text) = values.and_then(|value| value.as_str()) {
        names.extend(text.split(',').map(str::to_owned));
    } else if let Some(number) = values.and_then(serde_json::Value::as_u64) {
        names.push(number.to_string());
    }
    let mut kept: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim().trim_start_matches('#').trim()) {
        if !name.is_empty() && !kept.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            kept.push(name.to_owned());
        }
    }
    kept.truncate(TERMS_MAX);
    kept
}

/// Makes the next tag, or learns the id of the one that has its name.
pub(super) async fn tag(
    cx: &Cx<'_>,
    to: &Publication,
    mut at: State,
    next: usize,
) -> Result<Next<State>, Failure> {
    let names = named(&to.settings, "tags");
    let Some(name) = names.get(next) else { return Ok(Next::Go(at.to(Stage::Category { next: 0 }))) };
    let request = Request::post(rest::own(cx, "/wp/v2/tags", &[])?).json(&NewTerm { name });
    let answer = rest::send(cx, request).await?;
    let id = match errors::existing_term(&answer) {
        Some(id) => Some(id),
        None if answer.is_success() => Some(rest::read::<Term>(&answer)?.id),
        None if answer.status == 403 => None,
        None => return Err(errors::classify(&answer, cx.now())),
    };
    match id {
        Some(id) if !at.tags.contains(&id) => at.tags.push(id),
        Some(_) => {}
        None => at.warnings.push(format!("The user may not make the tag \"{name}\"; it is left out.")),
    }
    Ok(Next::Go(at.to(Stage::Tag { next: next + 1 })))
}

/// Finds the next category. Making one takes rights that authors lack.
pub(super) async fn category(
    cx: &Cx<'_>,
    to: &Publication,
    mut at: State,
    next: usize,
) -> Result<Next<State>, Failure> {
    let names = named(&to.settings, "categories");
    let Some(name) = names.get(next) else { return Ok(Next::Commit(at.to(Stage::Ready))) };
    let id = match name.parse() {
        Ok(id) => Some(id),
        Err(_) => find(cx, name).await?,
    };
    match id {
        Some(id) if !at.categories.contains(&id) => at.categories.push(id),
        Some(_) => {}
        None => at.warnings.push(format!("The site has no category \"{name}\"; it is left out.")),
    }
    Ok(Next::Go(at.to(Stage::Category { next: next + 1 })))
}

async fn find(cx: &Cx<'_>, name: &str) -> Result<Option<u64>, Failure> {
    // Names are stored as HTML, so that a search for one with an ampersand is in vain.
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let word = words.max_by_key(|word| word.len()).unwrap_or_default();
    let query = [("search", word), ("per_page", "100"), ("_fields", "id,name,slug")];
    let found: Vec<Term> = rest::get(cx, "/wp/v2/categories", &query).await?;
    let is_it = |term: &&Term| plain(&term.name) == name.to_lowercase() || term.slug == name.to_lowercase();
    Ok(found.iter().find(is_it).map(|term| term.id))
}

/// A name as WordPress shows it, without its entities.
fn plain(name: &str) -> String {
    let name = name.replace("&amp;", "&").replace("&#039;", "'").replace("&quot;", "\"");
    name.replace("&lt;", "<").replace("&gt;", ">").to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_a_list_or_a_text_with_commas() {
        for (value, expect) in [
            (json!(["Rye", " rye ", "#Spelt", "", 7]), vec!["Rye", "Spelt", "7"]),
            (json!("Rye, Spelt ,,rye"), vec!["Rye", "Spelt"]),
            (json!(12), vec!["12"]),
            (json!(null), vec![]),
            (json!({"a": 1}), vec![]),
        ] {
            let mut settings = Settings::default();
            settings.0.insert("tags".to_owned(), value.clone());
            assert_eq!(named(&settings, "tags"), expect, "{value}");
        }
    }

    #[test]
    fn a_name_is_compared_as_people_read_it() {
        assert_eq!(plain("Rye &amp; Co"), "rye & co");
        assert_eq!(plain("Ana&#039;s"), "ana's");
    }
}
