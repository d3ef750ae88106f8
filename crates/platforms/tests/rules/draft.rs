//! A post to one platform, in few words, and what the check says of it.

use domain::rules::{Draft, DraftMedia, check};
use domain::{PlatformName, Settings};
use serde_json::Value;

/// A post to one platform, which is fine as it stands.
pub(crate) struct Post {
    platform: &'static str,
    text: String,
    thread: Vec<String>,
    media: Vec<DraftMedia<'static>>,
    settings: Settings,
    content_type: Option<&'static str>,
    premium: bool,
}

pub(crate) fn file(content_type: &'static str) -> DraftMedia<'static> {
    DraftMedia { content_type, size_bytes: 100_000, width: None, height: None, seconds: None, animated: None }
}

pub(crate) fn image() -> DraftMedia<'static> {
    DraftMedia { width: Some(1_080), height: Some(1_080), ..file("image/jpeg") }
}

pub(crate) fn video(seconds: f64) -> DraftMedia<'static> {
    DraftMedia { width: Some(1_080), height: Some(1_920), seconds: Some(seconds), ..file("video/mp4") }
}

/// A post that the platform takes.
pub(crate) fn post(platform: &'static str) -> Post {
    let post = Post {
        platform,
        text: "Fresh rye at seven.".to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        settings: Settings::default(),
        content_type: None,
        premium: false,
    };
    match platform {
        "instagram" | "tiktok" | "pinterest" => post.media([image()]),
        "youtube" => post.media([video(30.0)]).set("title", "Rye"),
        _ => post,
    }
}

impl Post {
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub(crate) fn thread(mut self, part: impl Into<String>) -> Self {
        self.thread.push(part.into());
        self
    }

    pub(crate) fn media(mut self, media: impl IntoIterator<Item = DraftMedia<'static>>) -> Self {
        self.media = media.into_iter().collect();
        self
    }

    pub(crate) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.settings.0.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn content_type(mut self, name: &'static str) -> Self {
        self.content_type = Some(name);
        self
    }

    pub(crate) fn premium(mut self) -> Self {
        self.premium = true;
        self
    }

    pub(crate) fn messages(&self) -> Vec<(&'static str, String)> {
        let registry = fanfare_platforms::registry();
        let name = PlatformName::from_static(self.platform);
        let Some(spec) = registry.spec(&name) else { panic!("{name} is not in the registry") };
        let draft = Draft {
            text: &self.text,
            thread: &self.thread,
            media: &self.media,
            settings: &self.settings,
            content_type: self.content_type,
            premium: self.premium,
        };
        let found = check(&spec.rules, spec.display_name, &draft);
        found.into_iter().map(|violation| (violation.code, violation.message)).collect()
    }

    #[track_caller]
    pub(crate) fn passes(self) {
        assert_eq!(self.messages(), []);
    }

    #[track_caller]
    pub(crate) fn fails(self, code: &str) {
        let codes: Vec<&str> = self.messages().into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [code]);
    }
}
