//! Texts: short ones, ones around a limit in letters of every kind, and ones full of tags and links.

use domain::text::{CountingRule, length};

use crate::dice::Dice;

/// What texts are made of: each counts differently somewhere.
const UNITS: [&str; 14] = [
    "a",
    "é",
    "e\u{301}",
    "面",
    "ｱ",
    "😀",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🇩🇪",
    "☕\u{fe0f}",
    "rye ",
    "https://example.com/bread/of/the/day ",
    "example.com ",
    "نان ",
];

const COUNTINGS: [CountingRule; 7] = [
    CountingRule::TwitterWeighted,
    CountingRule::Graphemes,
    CountingRule::Utf16Units,
    CountingRule::CodePoints,
    CountingRule::Utf8Bytes,
    CountingRule::EmojiAsUtf8Bytes,
    CountingRule::MastodonUrl23,
];

/// What platforms stumble over.
const ODD: [&str; 20] = [
    "",
    " ",
    "\n\n",
    "\u{200b}",
    "\u{3164}",
    "1 < 2 & 3 > 2",
    "<b>bold</b> and <i>",
    "*bold _and_ [a link](https://example.com)",
    "# A heading\n\nand a text",
    "\u{feff}rye",
    "rye\u{ffff}",
    "tabs\tand\r\nlines",
    "@everyone @here <@123>",
    "@ada@example.org and @bob",
    "#1 #rye #面包 ##",
    "https://example.com",
    "http://example.com/?a=1&b=2#c (see www.example.org/x_(y))",
    "\u{202e}backwards\u{202c}",
    "{braces} [brackets] (parentheses) \\ ~tilde~ | pipe",
    "ends with a space ",
];

/// A text whose length is near `limit`, in this or another unit.
pub(crate) fn around(dice: &mut Dice, counting: CountingRule, limit: usize) -> String {
    // Mostly in the platform's own unit; sometimes where another one would end.
    let counting = if dice.chance(75) { counting } else { COUNTINGS[dice.below(COUNTINGS.len())] };
    of_length(dice, counting, limit)
}

/// A text of this length or one or two beside it.
pub(crate) fn of_length(dice: &mut Dice, counting: CountingRule, length_wanted: usize) -> String {
    let wanted = dice.near(length_wanted);
    let unit = *UNITS.get(dice.below(UNITS.len())).unwrap();
    let each = length(counting, unit).max(1) as usize;
    let mut text = unit.repeat(wanted / each);
    let missing = wanted.saturating_sub(length(counting, &text) as usize);
    text.push_str(&"a".repeat(missing));
    text
}

/// Any text for a platform with this limit.
pub(crate) fn any(dice: &mut Dice, counting: CountingRule, limit: usize) -> String {
    match dice.below(10) {
        0..4 => around(dice, counting, limit),
        4 => tagged(dice, "#", limit),
        5 => tagged(dice, "@", limit),
        6 if dice.chance(50) => tagged(dice, "$", limit),
        6 => linked(dice),
        7 => ODD[dice.below(ODD.len())].to_owned(),
        8 => format!("{}{}", ODD[dice.below(ODD.len())], of_length(dice, CountingRule::CodePoints, 40)),
        _ => "Fresh rye at seven.".to_owned(),
    }
}

/// Tags or mentions, around the numbers that are limits somewhere.
fn tagged(dice: &mut Dice, sign: &str, limit: usize) -> String {
    let count = if sign == "$" { 1 } else { [3, 20, 30][dice.below(3)] };
    let count = dice.near(count).min(limit / 8);
    let between = *[" ", "\n", ", ", ""].get(dice.below(4)).unwrap();
    let name =
        |at: usize| if sign == "$" { format!("$RYE{}", "S".repeat(at)) } else { format!("{sign}t{at}") };
    (0..count).map(name).collect::<Vec<_>>().join(between)
}

/// Links, around the numbers that are limits somewhere; some of them the same.
fn linked(dice: &mut Dice) -> String {
    let count = dice.near(5).max(1);
    let different = dice.below(count) + 1;
    (0..count).map(|at| format!("https://example.com/{}", at % different)).collect::<Vec<_>>().join(" ")
}
