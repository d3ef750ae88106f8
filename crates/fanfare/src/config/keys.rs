//! What to say of a configuration that cannot be read: where it is wrong, and what was meant.

use std::path::Path;

/// Where every setting is described.
const ALL_SETTINGS: &str = "docs/configuration.md lists every setting";

/// The error in words for whoever wrote the configuration. `file` and `variables` are where it came
/// from; a name in `variables` is that of a setting in capitals, behind `prefix`, with `__` for dots.
pub(crate) fn explained(
    error: &toml::de::Error,
    file: Option<&Path>,
    variables: &[String],
    prefix: &str,
) -> String {
    let shown = error.to_string();
    let path = shown.lines().find_map(|line| line.trim().strip_prefix("in `")?.strip_suffix('`'));
    let path = path.unwrap_or_default();
    let message = error.message().trim_end();
    let as_variable = |path: &str| format!("{prefix}{}", path.replace('.', "__").to_ascii_uppercase());
    let in_file = file.map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string());
    if let Some((unknown, known)) = unknown_field(message) {
        let beside = |name: &str| {
            // Some readers name the table, others the key in it.
            let parent = path.strip_suffix(unknown).unwrap_or(path).trim_end_matches('.');
            if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
        };
        let variable = as_variable(&beside(unknown));
        let is_variable = variables.contains(&variable);
        let said = |name: &str| {
            if is_variable { as_variable(&beside(name)) } else { format!("`{}`", beside(name)) }
        };
        let meant = nearest(unknown, known).map(|meant| format!("; did you mean {}?", said(meant)));
        let meant = meant.unwrap_or_else(|| ";".to_owned());
        return if is_variable {
            format!("the environment sets {variable}, which is no setting{meant} {ALL_SETTINGS}")
        } else {
            format!("{in_file} sets {}, which is no setting{meant} {ALL_SETTINGS}", said(unknown))
        };
    }
    if path.is_empty() {
        return format!("{in_file}: {message}");
    }
    let variable = as_variable(path);
    let place = if variables.contains(&variable) { variable } else { format!("`{path}` in {in_file}") };
    let hint = if path == "listen" { "; write it as 127.0.0.1:8080" } else { "" };
    format!("{place}: {message}{hint}")
}

/// The unknown field that an error is about, and those that there are.
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let (unknown, expected) = message.strip_prefix("unknown field `")?.split_once("`, expected ")?;
    Some((unknown, expected.split('`').skip(1).step_by(2).collect()))
}

/// The known name that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_ceil(3);
    let ranked = known.into_iter().map(|candidate| (distance(name, candidate), candidate));
    ranked.filter(|(steps, _)| *steps <= most).min().map(|(_, candidate)| candidate)
}

/// How many letters have to be put in, taken out or replaced to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = line + 1;
        for (column, wanted) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *wanted);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let known = ["listen", "public_url", "data_dir", "log", "log_format"];
        assert_eq!(nearest("listn", known), Some("listen"));
        assert_eq!(nearest("datadir", known), Some("data_dir"));
        assert_eq!(nearest("lgo", known), None);
        assert_eq!(nearest("logformat", known), Some("log_format"));
        assert_eq!(nearest("password", known), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
