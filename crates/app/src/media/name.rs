//! File names that callers give.

/// The longest name in characters.
const NAME_MAX: usize = 300;

/// The name without anything that could be taken for a path, a line of its own or another order of
/// letters, and with an ending. Its content may be in any script.
pub(super) fn clean(given: &str, content_type: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !is_hidden(*letter)).collect();
    let name = name.trim().trim_start_matches('.').trim();
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !ending.is_empty() && ending.chars().count() <= 16 => (stem, ending),
        _ => (name, usual_ending(content_type)),
    };
    let stem = if stem.is_empty() { "file" } else { stem };
    let room = NAME_MAX - ending.chars().count() - 1;
    let stem: String = stem.chars().take(room).collect();
    format!("{}.{ending}", stem.trim_end())
}

/// Control characters, and those that turn the direction of what follows.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn usual_ending(content_type: &str) -> &'static str {
    match content_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/heic" | "image/heif" => "heic",
        "video/mp4" => "mp4",
        "application/pdf" => "pdf",
        _ => "bin",
    }
}

/// The type that a name's ending stands for, if it is one that is taken.
pub(super) fn type_by_ending(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" | "heif" => "image/heic",
        "mp4" | "m4v" => "video/mp4",
        "pdf" => "application/pdf",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_keeps_its_ending() {
        for (given, cleaned) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\Users\\ana\\Żółta łódź.PNG", "Żółta łódź.PNG"),
            ("a\0b\r\nc.png", "abc.png"),
            ("invoice\u{202e}gnp.exe", "invoicegnp.exe"),
            ("..", "file.png"),
            ("", "file.png"),
            ("   ", "file.png"),
            ("/", "file.png"),
            (".png", "png.png"),
            ("name.", "name..png"),
            ("archive.a-very-long-ending-that-is-none", "archive.a-very-long-ending-that-is-none.png"),
        ] {
            assert_eq!(clean(given, "image/png"), cleaned, "{given:?}");
        }
        let long = clean(&format!("{}.mp4", "é".repeat(1_000)), "video/mp4");
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with("é.mp4"));
    }
}
