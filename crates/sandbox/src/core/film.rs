//! The length that a film's own bytes tell.

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The seconds that a film's header (`moov/mvhd`) names.
pub(crate) fn seconds(bytes: &[u8]) -> Option<f64> {
    let header = find_box(find_box(bytes, *b"moov")?, *b"mvhd")?;
    if header.first() == Some(&1) {
        let long = u64::from(number(header, 24)?) << 32 | u64::from(number(header, 28)?);
        // Only the seconds matter: beyond 2^32 of them the film is too long in any case.
        let whole = long / u64::from(number(header, 20)?.max(1));
        return Some(f64::from(u32::try_from(whole).unwrap_or(u32::MAX)).max(f64::from(u8::from(long > 0))));
    }
    Some(f64::from(number(header, 16)?) / f64::from(number(header, 12)?.max(1)))
}

/// The content of the first box of this kind.
fn find_box(bytes: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let size = usize::try_from(number(bytes, at)?).ok()?;
        let (head, size) = match size {
            0 => (8, bytes.len() - at),
            1 => {
                let high = number(bytes, at + 8)?;
                let low = usize::try_from(number(bytes, at + 12)?).ok()?;
                (16, if high == 0 { low } else { bytes.len() - at })
            }
            size => (8, size),
        };
        let end = at.checked_add(size).filter(|_| size >= head)?.min(bytes.len());
        if bytes.get(at + 4..at + 8)? == kind {
            return bytes.get(at + head..end);
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [&size.to_be_bytes()[..], &kind, content].concat()
    }

    #[test]
    fn a_films_length_is_in_its_header() {
        let mut header = vec![0; 100];
        header[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
        header[16..20].copy_from_slice(&2_500_u32.to_be_bytes());
        let film = [boxed(*b"ftyp", b"isom\0\0\0\0"), boxed(*b"moov", &boxed(*b"mvhd", &header))].concat();
        assert_eq!(seconds(&film), Some(2.5));
        assert_eq!(seconds(&film[..40]), None);
        assert_eq!(seconds(&boxed(*b"ftyp", b"isom")), None);
        assert_eq!(seconds(b"\0\0\0\x03ftyp"), None);
    }
}
