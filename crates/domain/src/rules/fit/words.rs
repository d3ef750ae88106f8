//! What was done to a file, said to people.

use super::Frame;
use super::canvas::{Layout, Size};

/// One thing that becomes different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another size, the same shape.
    Resized(Size),
    /// Bars beside it.
    Padded(Size),
    /// Its middle.
    Cropped(Size),
    /// Its first picture only.
    Still,
    /// A silent video in place of an animated image.
    Film,
    /// Other pictures a second.
    FrameRate {
        /// How many.
        fps: u32,
    },
    /// Fewer bytes.
    Compressed {
        /// The limit.
        max_bytes: u64,
    },
    /// Another format.
    Format {
        /// Its name.
        name: &'static str,
    },
    /// Brightness within the usual range.
    Brightness,
    /// Encoded anew without anything else to say of it.
    Recoded,
    /// No word of where it was taken.
    Location,
}

impl Change {
    /// What a layout does to a picture of this size.
    pub(super) fn of_layout(size: Size, layout: &Layout, frame: Frame) -> Vec<Self> {
        let Layout { canvas, picture } = *layout;
        if canvas == size {
            Vec::new()
        } else if picture == canvas {
            vec![Self::Resized(canvas)]
        } else if frame == Frame::Pad {
            vec![Self::Padded(canvas)]
        } else {
            vec![Self::Cropped(canvas)]
        }
    }

    /// The same, where a copy came out smaller or in another format than was planned: to get it
    /// into its bytes.
    pub fn settle(changes: &mut Vec<Self>, planned: &Layout, made: Size, is_jpeg_instead: bool) {
        if made != planned.canvas {
            changes.retain(|change| !matches!(change, Self::Resized(_)));
            changes.push(Self::Resized(made));
        }
        if is_jpeg_instead {
            changes.push(Self::Format { name: "JPEG" });
        }
    }

    fn words(&self) -> String {
        let pixels = |size: &Size| format!("{} × {}", size.width, size.height);
        match self {
            Self::Resized(size) => format!("resized to {}", pixels(size)),
            Self::Padded(size) => format!("padded to {}", pixels(size)),
            Self::Cropped(size) => format!("cropped to {}", pixels(size)),
            Self::Still => "reduced to its first picture".to_owned(),
            Self::Film => "turned into a video".to_owned(),
            Self::FrameRate { fps } => format!("brought to {fps} pictures a second"),
            Self::Compressed { max_bytes } => format!("compressed to at most {}", megabytes(*max_bytes)),
            Self::Format { name } => format!("saved as {name}"),
            Self::Brightness => "converted from HDR".to_owned(),
            Self::Recoded => "encoded anew".to_owned(),
            Self::Location => "freed of the place where it was taken".to_owned(),
        }
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    match (tenths / 10, tenths % 10) {
        (0, _) => format!("{} kB", bytes / 1_000),
        (whole, 0) => format!("{whole} MB"),
        (whole, tenths) => format!("{whole}.{tenths} MB"),
    }
}

/// Whether it is done or to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// It was done.
    Past,
    /// It will be done.
    Future,
}

/// One sentence about all changes: "The image was resized to 1080 × 1350 and saved as JPEG for
/// Instagram."
pub fn sentence(what: &str, changes: &[Change], platform: &str, tense: Tense) -> String {
    let verb = if tense == Tense::Past { "was" } else { "will be" };
    let words: Vec<String> = changes.iter().map(Change::words).collect();
    let list = match words.as_slice() {
        [] => "copied".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("The {what} {verb} {list} for {platform}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_said_in_one_sentence() {
        let size = Size { width: 1_080, height: 1_350 };
        let changes = [Change::Resized(size), Change::Compressed { max_bytes: 8_388_608 }];
        let all = [&changes[..], &[Change::Format { name: "JPEG" }]].concat();
        assert_eq!(
            sentence("image", &changes[..1], "Instagram", Tense::Past),
            "The image was resized to 1080 × 1350 for Instagram."
        );
        assert_eq!(
            sentence("second image", &all, "Instagram", Tense::Future),
            "The second image will be resized to 1080 × 1350, compressed to at most 8.4 MB and saved as JPEG \
             for Instagram."
        );
        assert_eq!(megabytes(900_000), "900 kB");
        assert_eq!(megabytes(4_000_000), "4 MB");
    }
}
