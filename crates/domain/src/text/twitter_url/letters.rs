//! The classes of characters that twitter-text tells apart in links.

pub(super) fn may_precede(letter: char) -> bool {
    !letter.is_ascii_alphanumeric()
        && !matches!(letter, '@' | '＠' | '$' | '#' | '＃' | '\u{fffe}' | '\u{feff}' | '\u{ffff}')
}

/// Whatever is neither punctuation, space, a mark of direction nor invalid.
pub(super) fn is_host_letter(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || matches!(letter, '"' | '`') || is_control(letter);
    }
    !matches!(letter,
        '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
        | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{fffe}' | '\u{feff}' | '\u{ffff}'
        | '\u{202a}'..='\u{202e}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}')
}

fn is_control(letter: char) -> bool {
    letter.is_ascii_control() && !matches!(letter, '\t'..='\r')
}

fn is_accented(letter: char) -> bool {
    matches!(letter,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}' | '\u{253}' | '\u{254}' | '\u{256}'
        | '\u{257}' | '\u{259}' | '\u{25b}' | '\u{263}' | '\u{268}' | '\u{26f}' | '\u{272}' | '\u{289}'
        | '\u{28b}' | '\u{2bb}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
}

pub(super) fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || is_accented(letter)
}

pub(super) fn is_path_letter(letter: char) -> bool {
    is_path_end(letter)
        || matches!(
            letter,
            '!' | '*'
                | '\''
                | ';'
                | ':'
                | ','
                | '.'
                | '$'
                | '%'
                | '['
                | ']'
                | '\u{2013}'
                | '~'
                | '@'
                | '|'
                | '&'
        )
}

pub(super) fn is_path_end(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '+' | '-' | '=' | '_' | '#' | '/' | '\u{400}'..='\u{4ff}')
        || is_accented(letter)
}

pub(super) fn is_query_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!?*'@();:&=+$/%#[]-_.,~|".contains(&byte)
}
