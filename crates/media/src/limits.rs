//! How large files may be. Must not know who sends them.

/// The largest files of each kind that are taken, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaLimits {
    /// An image that is uploaded.
    pub image_bytes: u64,
    /// A video that is uploaded.
    pub video_bytes: u64,
    /// A document that is uploaded.
    pub document_bytes: u64,
    /// An image that is fetched from an address.
    pub image_by_url_bytes: u64,
    /// A video that is fetched from an address.
    pub video_by_url_bytes: u64,
}

const MB: u64 = 1024 * 1024;
const GB: u64 = 1024 * MB;

impl Default for MediaLimits {
    fn default() -> Self {
        Self {
            image_bytes: 20 * MB,
            video_bytes: 500 * MB,
            document_bytes: 20 * MB,
            image_by_url_bytes: 25 * MB,
            video_by_url_bytes: 4 * 1024 * MB,
        }
    }
}

/// A size as people write it: whole bytes, kilobytes or megabytes, rounded down, and whole gigabytes.
pub fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..MB => format!("{} KB", bytes / 1_024),
        _ if bytes.is_multiple_of(GB) => format!("{} GB", bytes / GB),
        _ => format!("{} MB", bytes / MB),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_the_unit_that_people_use() {
        let texts = [7, 2_048, 20 * MB, 500 * MB + 1].map(size_text);
        assert_eq!(texts, ["7 bytes", "2 KB", "20 MB", "500 MB"]);
        assert_eq!(size_text(4 * GB), "4 GB");
        assert_eq!(size_text(4 * GB + 1), "4096 MB");
    }
}
