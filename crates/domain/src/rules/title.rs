//! The title that a text has in itself.

/// The title of an article without one: its leading `# Heading`, else its first line, cut at the
/// last word that fits into `limit` characters. `None` for a text without words.
pub fn title_from_text(text: &str, limit: u32) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let heading = line.trim_start_matches('#');
    // "#rye" is a hashtag, "# Rye" a heading.
    let is_heading = heading.len() < line.len() && heading.starts_with(char::is_whitespace);
    let title = if is_heading { heading.trim() } else { line };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some((end, _)) = title.char_indices().nth(limit) else {
        return (!title.is_empty()).then(|| title.to_owned());
    };
    let fitting = &title[..end];
    let at_word = fitting.rfind(char::is_whitespace).map_or(fitting, |space| &fitting[..space]);
    Some(at_word.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, title: Option<&str>) {
        assert_eq!(title_from_text(text, 20).as_deref(), title, "{text:?}");
    }

    #[test]
    fn a_heading_or_the_first_line_is_the_title() {
        check("# Rye bread\n\nText", Some("Rye bread"));
        check("\n\n  Rye bread  \nText", Some("Rye bread"));
        check("#rye day", Some("#rye day"));
        check("", None);
        check(" \n ", None);
        check("# ", Some("#"));
    }

    #[test]
    fn a_long_title_is_cut_at_a_word() {
        check("The whole story of our bread", Some("The whole story of"));
        check("Donaudampfschifffahrtsgesellschaft", Some("Donaudampfschifffahr"));
        check("äöüäöüäöüäöüäöüäöüäö!", Some("äöüäöüäöüäöüäöüäöüäö"));
    }
}
