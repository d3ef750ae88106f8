//! Cells that a spreadsheet would take for formulas.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return may be run by the program that
//! opens the file. Such cells are written with an apostrophe before them, and read without it.

use std::borrow::Cow;

const MARK: char = '\'';

/// Whether a text, behind any apostrophes, begins as a formula does.
fn is_dangerous(text: &str) -> bool {
    text.trim_start_matches(MARK).starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as a cell that nothing runs.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) { Cow::Owned(format!("{MARK}{text}")) } else { Cow::Borrowed(text) }
}

/// The text that a cell stands for.
pub(super) fn unescape(cell: &str) -> &str {
    match cell.strip_prefix(MARK) {
        Some(rest) if is_dangerous(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_as_a_formula_gets_an_apostrophe() {
        for text in ["=1+1", "+49 30 1234", "-5 °C today", "@northlight", "\tx", "\rx", "'=1", "''@a"] {
            assert_eq!(escape(text), format!("'{text}"));
        }
        for text in ["", "plain", "'tis the season", "3121+3127", " =1"] {
            assert_eq!(escape(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_cell_is_read_as_the_text_that_it_was_written_for(text in "['=+@\\-a \t]{0,6}") {
            let cell = escape(&text);
            prop_assert_eq!(unescape(&cell), text.as_str());
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
