//! One track of an MP4 and the pictures that it describes.

use super::{boxes, find, find_in, long, longest, short};

/// Where the description of a picture track begins to have boxes of its own.
const PICTURE_BYTES: usize = 78;
/// Transfer functions of ITU-T H.273: PQ and HLG.
const HDR_TRANSFERS: [u16; 2] = [16, 18];

/// What is known of a track.
pub(super) struct Track<'a> {
    pub(super) id: u32,
    pub(super) handler: [u8; 4],
    /// By how many degrees its pictures are turned to be shown.
    pub(super) rotation: u16,
    pub(super) timescale: u32,
    pub(super) samples: u64,
    /// Where in the file its last piece of samples begins.
    pub(super) last_chunk: Option<u64>,
    seconds: Option<f64>,
    descriptions: &'a [u8],
}

impl<'a> Track<'a> {
    pub(super) fn read(trak: &'a [u8]) -> Option<Self> {
        let head = find(trak, *b"tkhd")?;
        let mdia = find(trak, *b"mdia")?;
        let media_head = find(mdia, *b"mdhd")?;
        let tables = find_in(mdia, &[b"minf", b"stbl"])?;
        let id_at = if head.first() == Some(&1) { 20 } else { 12 };
        Some(Self {
            id: long(head, id_at)?,
            handler: *find(mdia, *b"hdlr")?.get(8..)?.first_chunk()?,
            rotation: rotation(head),
            timescale: timescale(media_head)?,
            samples: find(tables, *b"stts").map_or(0, count_samples),
            last_chunk: last_chunk(tables),
            seconds: seconds_of(media_head),
            descriptions: find(tables, *b"stsd")?.get(8..)?,
        })
    }

    pub(super) const fn seconds(&self) -> Option<f64> {
        self.seconds
    }

    /// What its pictures are like; `None` for tracks without any.
    pub(super) fn picture(&self) -> Option<Picture> {
        if &self.handler != b"vide" {
            return None;
        }
        let described = boxes(self.descriptions).next()?;
        let parts = described.body.get(PICTURE_BYTES..)?;
        let colours =
            find(parts, *b"colr").filter(|body| body.starts_with(b"nclx") || body.starts_with(b"nclc"));
        let transfer = colours.and_then(|body| short(body, 6));
        let shape = find(parts, *b"pasp").and_then(|body| long(body, 0).zip(long(body, 4)));
        Some(Picture {
            codec: codec(described.name),
            width: short(described.body, 24)?,
            height: short(described.body, 26)?,
            shape: shape.filter(|(across, down)| *across > 0 && *down > 0),
            bit_depth: bit_depth(parts),
            hdr: transfer.is_some_and(|transfer| HDR_TRANSFERS.contains(&transfer)),
        })
    }

    pub(super) fn sound_codec(&self) -> String {
        boxes(self.descriptions)
            .next()
            .map_or_else(|| "unknown".to_owned(), |described| codec(described.name))
    }
}

/// What the pictures of a track are like.
pub(super) struct Picture {
    pub(super) codec: String,
    width: u16,
    height: u16,
    /// The shape of a pixel, where it is no square: across, down.
    shape: Option<(u32, u32)>,
    pub(super) bit_depth: Option<u8>,
    pub(super) hdr: bool,
}

impl Picture {
    /// The size as it is shown.
    pub(super) fn shown(&self, rotation: u16) -> (u32, u32) {
        let (mut width, height) = (u64::from(self.width), u32::from(self.height));
        if let Some((across, down)) = self.shape {
            width = (width * u64::from(across) + u64::from(down) / 2) / u64::from(down);
        }
        let width = u32::try_from(width).unwrap_or(u32::MAX);
        if rotation.is_multiple_of(180) { (width, height) } else { (height, width) }
    }
}

/// The turn in a track head's matrix.
fn rotation(head: &[u8]) -> u16 {
    let matrix = if head.first() == Some(&1) { 52 } else { 40 };
    let sign = |at: usize| long(head, matrix + at).map_or(0, |value| value.cast_signed().signum());
    // The upper left two by two of it: across, then down.
    match (sign(0), sign(4), sign(12), sign(16)) {
        (0, 1, -1, 0) => 90,
        (-1, 0, 0, -1) => 180,
        (0, -1, 1, 0) => 270,
        _ => 0,
    }
}

fn timescale(head: &[u8]) -> Option<u32> {
    long(head, if head.first() == Some(&1) { 20 } else { 12 })
}

/// The length in a movie's or a track's head. Unknown is written as zero or as all ones.
pub(super) fn seconds_of(head: &[u8]) -> Option<f64> {
    let ticks = if head.first() == Some(&1) {
        longest(head, 24).filter(|ticks| *ticks != u64::MAX)?
    } else {
        long(head, 16).filter(|ticks| *ticks != u32::MAX).map(u64::from)?
    };
    let scale = timescale(head).filter(|scale| *scale > 0)?;
    Some(super::approximate(ticks) / f64::from(scale))
}

fn count_samples(table: &[u8]) -> u64 {
    let entries = table.get(8..).unwrap_or_default().chunks_exact(8);
    entries.filter_map(|entry| long(entry, 0)).map(u64::from).sum()
}

fn last_chunk(tables: &[u8]) -> Option<u64> {
    if let Some(table) = find(tables, *b"stco") {
        let entries = table.get(8..)?.chunks_exact(4);
        return entries.filter_map(|entry| long(entry, 0)).map(u64::from).max();
    }
    let entries = find(tables, *b"co64")?.get(8..)?.chunks_exact(8);
    entries.filter_map(|entry| longest(entry, 0)).max()
}

fn codec(name: [u8; 4]) -> String {
    let known = match &name {
        b"avc1" | b"avc3" => "h264",
        b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => "hevc",
        b"av01" => "av1",
        b"vp08" => "vp8",
        b"vp09" => "vp9",
        b"mp4v" => "mpeg4",
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" => "prores",
        b"mp4a" => "aac",
        b".mp3" => "mp3",
        b"ac-3" => "ac3",
        b"ec-3" => "eac3",
        b"Opus" => "opus",
        b"fLaC" => "flac",
        b"alac" => "alac",
        _ => return String::from_utf8_lossy(&name).trim().to_owned(),
    };
    known.to_owned()
}

/// Bits per colour by the codec's own record.
fn bit_depth(parts: &[u8]) -> Option<u8> {
    if let Some(avc) = find(parts, *b"avcC") {
        // Profiles High 10, High 4:2:2 and High 4:4:4 are what has more than eight.
        return avc.get(1).map(|profile| if matches!(profile, 110 | 122 | 244) { 10 } else { 8 });
    }
    if let Some(hevc) = find(parts, *b"hvcC") {
        return hevc.get(17).map(|depth| (depth & 7) + 8);
    }
    if let Some(av1) = find(parts, *b"av1C") {
        return av1.get(2).map(|flags| if flags & 0x40 == 0 { 8 } else { 10 });
    }
    find(parts, *b"vpcC").and_then(|vp9| vp9.get(6).map(|depth| depth >> 4))
}
