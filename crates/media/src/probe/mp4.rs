//! MP4 videos by their tables: no frame is decoded, and no outside program is needed.

mod location;
mod track;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::boxes::{Place, boxes, find, find_in, long, longest, places, short};
use super::{Details, Kind, Probe};
use crate::MediaError;
use track::{Picture, Track};

pub(crate) use location::without_location;

const FORMAT: &str = "an MP4";
/// The tables of a day of video are smaller than this.
const MAX_TABLE_BYTES: u64 = 128 * 1024 * 1024;

pub(crate) fn probe(path: &Path) -> Result<Probe, MediaError> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let places = places(&mut file, size, FORMAT)?;
    let Some(moov) = places.iter().find(|place| &place.name == b"moov") else {
        let why = "it has no moov box, which lists its pictures; the recording or the upload broke off";
        return Err(MediaError::damaged(FORMAT, why));
    };
    let tables = content(&mut file, moov)?;
    let tracks: Vec<Track<'_>> = boxes(&tables)
        .filter(|found| &found.name == b"trak")
        .filter_map(|found| Track::read(found.body))
        .collect();
    let Some((track, picture)) =
        tracks.iter().find_map(|track| track.picture().map(|picture| (track, picture)))
    else {
        return Err(MediaError::damaged(FORMAT, "there is no video track in it"));
    };
    if picture.codec == "encv" {
        return Err(MediaError::damaged(FORMAT, "it is encrypted"));
    }
    let (width, height) = picture.shown(track.rotation);
    if width == 0 || height == 0 {
        return Err(MediaError::damaged(FORMAT, "its pictures have no size"));
    }
    let fragments = if track.samples == 0 { fragments(&mut file, &places, &tables, track)? } else { None };
    let (samples, seconds) = match fragments {
        Some((samples, seconds)) => (samples, Some(seconds)),
        None => (track.samples, movie_seconds(&tables).or_else(|| track.seconds())),
    };
    let Some(seconds) = seconds.filter(|seconds| *seconds > 0.0 && samples > 0) else {
        return Err(MediaError::damaged(FORMAT, "there is no picture in it"));
    };
    if track.last_chunk.is_some_and(|offset| offset >= size) {
        return Err(MediaError::damaged(FORMAT, "its pictures are not where its tables say"));
    }
    let sound = tracks.iter().find(|track| &track.handler == b"soun");
    Ok(Probe {
        kind: Kind::Video,
        content_type: "video/mp4",
        width: Some(width),
        height: Some(height),
        seconds: Some(milli(seconds)),
        details: details(track, &picture, sound, &tables, &Length { samples, seconds, size }),
    })
}

/// How much there is of a video.
struct Length {
    samples: u64,
    seconds: f64,
    size: u64,
}

fn details(
    track: &Track<'_>,
    picture: &Picture,
    sound: Option<&Track<'_>>,
    tables: &[u8],
    length: &Length,
) -> Details {
    let own_seconds = track.seconds().filter(|seconds| *seconds > 0.0).unwrap_or(length.seconds);
    Details {
        orientation: 1,
        rotation: track.rotation,
        has_location: !location::spots(tables).is_empty(),
        video_codec: Some(picture.codec.clone()),
        audio_codec: sound.map(Track::sound_codec),
        fps: Some(milli(approximate(length.samples) / own_seconds)),
        bit_depth: picture.bit_depth,
        hdr: picture.hdr,
        bitrate: Some(floor(approximate(length.size) * 8.0 / length.seconds)),
        ..Details::default()
    }
}

fn content(file: &mut File, place: &Place) -> Result<Vec<u8>, MediaError> {
    if place.end - place.begin > MAX_TABLE_BYTES {
        return Err(MediaError::TooLarge { what: "the table of a video", max_bytes: MAX_TABLE_BYTES });
    }
    file.seek(SeekFrom::Start(place.begin))?;
    let mut bytes = Vec::new();
    file.take(place.end - place.begin).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The length that the movie's head names.
fn movie_seconds(tables: &[u8]) -> Option<f64> {
    let head = find(tables, *b"mvhd")?;
    track::seconds_of(head).filter(|seconds| *seconds > 0.0)
}

/// The pictures and the seconds of a video that is written in pieces, as live recorders do.
fn fragments(
    file: &mut File,
    places: &[Place],
    tables: &[u8],
    track: &Track<'_>,
) -> Result<Option<(u64, f64)>, MediaError> {
    let defaults = find(tables, *b"mvex").into_iter().flat_map(boxes).filter(|found| &found.name == b"trex");
    let usual = defaults.map(|found| found.body).find(|body| long(body, 4) == Some(track.id));
    let usual = usual.and_then(|body| long(body, 12)).unwrap_or(0);
    let (mut samples, mut ticks) = (0_u64, 0_u64);
    for place in places.iter().filter(|place| &place.name == b"moof") {
        let moof = content(file, place)?;
        for traf in boxes(&moof).filter(|found| &found.name == b"traf") {
            let Some(head) = find(traf.body, *b"tfhd").filter(|head| long(head, 4) == Some(track.id)) else {
                continue;
            };
            let each = fragment_duration(head).unwrap_or(usual);
            for run in boxes(traf.body).filter(|found| &found.name == b"trun") {
                let (count, length) = run_length(run.body, each);
                samples = samples.saturating_add(count);
                ticks = ticks.saturating_add(length);
            }
        }
    }
    let seconds = approximate(ticks) / f64::from(track.timescale.max(1));
    Ok((samples > 0).then_some((samples, seconds)))
}

/// The length of each picture that a fragment's head names.
fn fragment_duration(head: &[u8]) -> Option<u32> {
    let flags = long(head, 0)?;
    let before = [(0x01, 8), (0x02, 4)].iter().filter(|(flag, _)| flags & flag != 0);
    let at = 8 + before.map(|(_, bytes)| bytes).sum::<usize>();
    (flags & 0x08 != 0).then(|| long(head, at)).flatten()
}

/// The pictures of a run, and their length in ticks.
fn run_length(run: &[u8], each: u32) -> (u64, u64) {
    let flags = long(run, 0).unwrap_or(0);
    let count = long(run, 4).unwrap_or(0);
    if flags & 0x100 == 0 {
        return (u64::from(count), u64::from(count) * u64::from(each));
    }
    let fields = [0x100, 0x200, 0x400, 0x800].iter().filter(|flag| flags & **flag != 0).count();
    let first = 8 + [0x01, 0x04].iter().filter(|flag| flags & **flag != 0).count() * 4;
    let lengths =
        (0..usize::try_from(count).unwrap_or(0)).map_while(|index| long(run, first + index * fields * 4));
    let lengths: Vec<u32> = lengths.collect();
    (u64::try_from(lengths.len()).unwrap_or(0), lengths.into_iter().map(u64::from).sum())
}

#[expect(clippy::cast_precision_loss, reason = "a length or a size; the last digits do not matter")]
pub(super) fn approximate(value: u64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn floor(value: f64) -> u64 {
    value as u64
}

/// With three digits behind the point: what is stored is read again as the same number.
fn milli(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
