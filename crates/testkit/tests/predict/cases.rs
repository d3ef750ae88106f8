//! One post to one platform, made up by chance: a plain one in which one thing or two are at a limit.

use domain::rules::PlatformRules;
use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::library::{File, Shelf};
use crate::{settings, words};

/// The platforms, in the order of the registry.
pub(crate) const PLATFORMS: [&str; 13] = [
    "instagram",
    "facebook",
    "x",
    "linkedin",
    "youtube",
    "tiktok",
    "threads",
    "pinterest",
    "bluesky",
    "telegram",
    "discord",
    "wordpress",
    "mastodon",
];

/// Few texts are as long as an article: they cost much and say little.
const LONG_TEXT: u32 = 10_000;

/// A post to one platform.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) platform: &'static str,
    pub(crate) text: String,
    pub(crate) thread: Vec<String>,
    /// Places in the library.
    pub(crate) media: Vec<usize>,
    pub(crate) settings: Map<String, Value>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) premium: bool,
}

impl Case {
    /// Case number `number` of the run with this seed.
    pub(crate) fn new(seed: u64, number: usize, rules: &PlatformRules, library: &[File]) -> Self {
        let platform = PLATFORMS[number % PLATFORMS.len()];
        let mut dice = Dice::new(seed, number);
        let mut case = Self::plain(platform, library);
        case.premium = platform == "x" && dice.chance(25);
        for _ in 0..[1, 1, 1, 2, 3][dice.below(5)] {
            case.change(&mut dice, rules, library);
        }
        // A post has each file once.
        let mut used = std::collections::BTreeSet::new();
        case.media.retain(|at| used.insert(*at));
        case
    }

    /// A post that the platform takes.
    fn plain(platform: &'static str, library: &[File]) -> Self {
        let named = |name: &str| library.iter().position(|file| file.name == name).unwrap();
        let (media, title) = match platform {
            "instagram" | "tiktok" | "pinterest" => (vec![named("1080x1080.jpg")], None),
            "youtube" => (vec![named("60 s.mp4")], Some("Rye")),
            _ => (Vec::new(), None),
        };
        let settings = title.map(|title| ("title".to_owned(), json!(title))).into_iter().collect();
        Self {
            platform,
            text: "Fresh rye at seven.".to_owned(),
            thread: Vec::new(),
            media,
            settings,
            content_type: None,
            premium: false,
        }
    }

    fn change(&mut self, dice: &mut Dice, rules: &PlatformRules, library: &[File]) {
        let counting = rules.text.counting;
        let mut limit = rules.text.premium_limit.filter(|_| self.premium).unwrap_or(rules.text.limit);
        if limit > LONG_TEXT && !dice.chance(10) {
            limit = 2_000;
        }
        let limit = limit as usize;
        match dice.below(10) {
            0..3 => self.text = words::any(dice, counting, limit),
            3..6 => self.media = media(dice, library, rules),
            6..8 => settings::draw(dice, self.platform, &mut self.settings),
            8 if rules.threads => {
                let parts = 1 + dice.below(3);
                self.thread = (0..parts).map(|_| words::any(dice, counting, limit)).collect();
            }
            _ if !rules.content_types.is_empty() => {
                let names: Vec<&str> = rules.content_types.iter().map(|rule| rule.name).collect();
                self.content_type = Some(dice.pick(&[&names[..], &["Anything"]].concat()));
                if dice.chance(60) {
                    self.media = vec![one(dice, library, Shelf::Video)];
                }
            }
            _ => self.text = words::any(dice, counting, limit),
        }
    }

    /// What it is like, in one line.
    pub(crate) fn shown(&self, library: &[File]) -> String {
        let start = |text: &str| text.chars().take(60).collect::<String>();
        let files: Vec<&str> = self.media.iter().map(|at| library[*at].name.as_str()).collect();
        let thread: Vec<String> = self.thread.iter().map(|part| start(part)).collect();
        let settings: String = json!(self.settings).to_string().chars().take(160).collect();
        format!(
            "text {:?} of {} characters, thread {thread:?}, media {files:?}, settings {settings}, {:?}, premium {}",
            start(&self.text),
            self.text.chars().count(),
            self.content_type,
            self.premium
        )
    }

    /// The body of the post for this account.
    pub(crate) fn body(&self, account: i64, library: &[File]) -> Value {
        let mut item = json!({ "settings": self.settings });
        if let Some(content_type) = self.content_type {
            item["contentType"] = json!(content_type);
        }
        let media: Vec<String> = self.media.iter().map(|at| library[*at].id.to_string()).collect();
        json!({
            "content": self.text,
            "account_ids": [account],
            "media_ids": media,
            "thread_posts": self.thread,
            "platform_content": { self.platform: item },
        })
    }
}

/// Some files: mostly of one kind, as many as are allowed or about that.
fn media(dice: &mut Dice, library: &[File], rules: &PlatformRules) -> Vec<usize> {
    let most = rules.image.map_or(1, |image| image.max_count as usize);
    match dice.below(20) {
        0 => Vec::new(),
        1..9 => (0..=dice.below(2)).map(|_| one(dice, library, Shelf::Image)).collect(),
        9..12 => {
            let count = dice.near(most);
            let plain = (0..library.len()).filter(|at| library[*at].shelf == Shelf::Plain);
            plain.take(count).collect()
        }
        12..16 => vec![one(dice, library, Shelf::Video)],
        16 => vec![one(dice, library, Shelf::Video), one(dice, library, Shelf::Video)],
        17 => vec![one(dice, library, Shelf::Image), one(dice, library, Shelf::Video)],
        18 => vec![one(dice, library, Shelf::Document)],
        _ if dice.chance(20) => vec![one(dice, library, Shelf::Heavy)],
        _ => vec![one(dice, library, Shelf::Document), one(dice, library, Shelf::Image)],
    }
}

fn one(dice: &mut Dice, library: &[File], shelf: Shelf) -> usize {
    let there: Vec<usize> = (0..library.len()).filter(|at| library[*at].shelf == shelf).collect();
    there[dice.below(there.len())]
}
