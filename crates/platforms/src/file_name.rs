//! Names of files for platforms that go by a name's ending.

use connector::MediaItem;

/// The file's name, with an ending if it has none.
pub(crate) fn of(item: &MediaItem) -> String {
    if item.filename.contains('.') {
        return item.filename.clone();
    }
    let ending = match item.content_type.as_str() {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        "image/gif" => ".gif",
        "video/mp4" => ".mp4",
        "video/webm" => ".webm",
        "video/quicktime" => ".mov",
        "application/pdf" => ".pdf",
        _ => "",
    };
    let name = if item.filename.is_empty() { "file" } else { item.filename.as_str() };
    format!("{name}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector::MediaKind;
    use domain::MediaId;
    use uuid::Uuid;

    #[test]
    fn names_have_endings() {
        let named = |filename: &str, content_type: &str| {
            of(&MediaItem {
                id: MediaId(Uuid::nil()),
                kind: MediaKind::Document,
                content_type: content_type.to_owned(),
                filename: filename.to_owned(),
                size_bytes: 1,
                width: None,
                height: None,
                seconds: None,
                alt_text: None,
            })
        };
        assert_eq!(named("loaf", "image/jpeg"), "loaf.jpg");
        assert_eq!(named("", "application/pdf"), "file.pdf");
        assert_eq!(named("menu.docx", "image/png"), "menu.docx");
        assert_eq!(named("menu", "text/plain"), "menu");
    }
}
