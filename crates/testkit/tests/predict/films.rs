//! MP4 files that are nothing but their tables: what a film says of itself, and no picture.

/// What a film says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Film {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) millis: u32,
    pub(crate) fps: u32,
    pub(crate) codec: [u8; 4],
    /// Whether there is sound.
    pub(crate) sound: bool,
    /// The size of the file.
    pub(crate) size_bytes: usize,
}

impl Film {
    pub(crate) const USUAL: Self = Self {
        width: 1_080,
        height: 1_080,
        millis: 10_000,
        fps: 30,
        codec: *b"avc1",
        sound: true,
        size_bytes: 80_000,
    };

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let head = boxed(*b"ftyp", b"isom\0\0\x02\0isommp42");
        let tables = boxed(*b"moov", &self.tables());
        let pictures = self.size_bytes.saturating_sub(head.len() + tables.len() + 8).max(16);
        let pictures: Vec<u8> = (0..pictures).map(|at| u8::try_from(at % 251).unwrap()).collect();
        [head, tables, boxed(*b"mdat", &pictures)].concat()
    }

    fn tables(&self) -> Vec<u8> {
        let mut tracks = track(*b"vide", self.millis, &self.picture(), self.millis * self.fps / 1_000);
        if self.sound {
            tracks.extend(track(*b"soun", self.millis, &boxed(*b"mp4a", &[0; 28]), self.millis / 20));
        }
        [boxed(*b"mvhd", &head(self.millis, 100)), tracks].concat()
    }

    fn picture(&self) -> Vec<u8> {
        let mut entry = vec![0; 78];
        entry[24..26].copy_from_slice(&self.width.to_be_bytes());
        entry[26..28].copy_from_slice(&self.height.to_be_bytes());
        boxed(self.codec, &entry)
    }
}

/// A head of `length` bytes with a thousand ticks a second.
fn head(millis: u32, length: usize) -> Vec<u8> {
    let mut head = vec![0; length];
    head[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
    head[16..20].copy_from_slice(&millis.to_be_bytes());
    head
}

fn track(kind: [u8; 4], millis: u32, description: &[u8], samples: u32) -> Vec<u8> {
    let mut track_head = vec![0; 84];
    track_head[12..16].copy_from_slice(&1_u32.to_be_bytes());
    let handler = [&[0; 8][..], &kind, &[0; 12]].concat();
    let counted = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &samples.max(1).to_be_bytes(), &[0, 0, 0, 1]].concat();
    let described = [&[0, 0, 0, 0, 0, 0, 0, 1][..], description].concat();
    let tables = [boxed(*b"stsd", &described), boxed(*b"stts", &counted)].concat();
    let media = [
        boxed(*b"mdhd", &head(millis, 24)),
        boxed(*b"hdlr", &handler),
        boxed(*b"minf", &boxed(*b"stbl", &tables)),
    ]
    .concat();
    boxed(*b"trak", &[boxed(*b"tkhd", &track_head), boxed(*b"mdia", &media)].concat())
}

fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], &kind, content].concat()
}
