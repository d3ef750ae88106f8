//! Lengths of time as people write them: `30d`, `1d12h`, `90s`.

use domain::Span;

use super::error::SandboxError;

/// The units, longest first, in the order in which they may follow one another.
const UNITS: [(&str, i64); 6] = [
    ("w", 7 * 24 * 60 * 60 * 1_000),
    ("d", 24 * 60 * 60 * 1_000),
    ("h", 60 * 60 * 1_000),
    ("m", 60 * 1_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a length of time; each unit at most once, longest first.
pub(crate) fn parse(text: &str) -> Result<Span, SandboxError> {
    let refused = || {
        SandboxError::invalid(format!(
            "\"{text}\" is no length of time; write it as 30d, 2h, 90s or 1d12h (w, d, h, m, s, ms)"
        ))
    };
    let mut rest = text.trim();
    let mut units = &UNITS[..];
    let mut millis = 0_i64;
    if rest.is_empty() {
        return Err(refused());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let number: i64 = number.parse().map_err(|_| refused())?;
        let at = units.iter().position(|(name, _)| *name == unit).ok_or_else(refused)?;
        let (_, factor) = units[at];
        millis = number.checked_mul(factor).and_then(|part| millis.checked_add(part)).ok_or_else(refused)?;
        units = &units[at + 1..];
        rest = after;
    }
    Ok(Span::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("30d", 30 * 86_400),
            ("2h", 7_200),
            ("90s", 90),
            ("1d12h", 129_600),
            ("1w", 604_800),
            ("5m", 300),
            ("1500ms", 1),
        ] {
            assert_eq!(parse(text).unwrap().as_millis() / 1_000, seconds, "{text}");
        }
        assert_eq!(parse("1m5ms").unwrap(), Span::from_millis(60_005));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "30", "d", "-1d", "1.5h", "12h1d", "1d1d", "1 d", "1day", "99999999999999w"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
