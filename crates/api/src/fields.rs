//! Reading the members of a body one by one, so that a wrong type is refused with its field named.

use domain::{AccountId, CampaignId, MediaId, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::ApiError;

/// More targets than any post has.
pub(crate) const MAX_ACCOUNTS: usize = 500;
const MAX_MEDIA: usize = 100;
/// More parts than any thread has, and more names than any list of them needs.
const MAX_TEXTS: usize = 100;

/// Names that people send for others.
const WRONG_NAMES: [(&str, &str); 24] = [
    ("media_id", "media_ids"),
    ("mediaId", "media_ids"),
    ("mediaIds", "media_ids"),
    ("media_urls", "media_ids"),
    ("attachments", "media_ids"),
    ("url", "media_ids"),
    ("scheduledFor", "scheduled_for"),
    ("scheduledAt", "scheduled_for"),
    ("schedule_at", "scheduled_for"),
    ("publish_at", "scheduled_for"),
    ("scheduled_time", "scheduled_for"),
    ("schedule_time", "scheduled_for"),
    ("accounts", "account_ids"),
    ("account_id", "account_ids"),
    ("accountIds", "account_ids"),
    ("accountId", "account_ids"),
    ("social_account_ids", "account_ids"),
    ("text", "content"),
    ("message", "content"),
    ("caption", "content"),
    ("body", "content"),
    ("platformContent", "platform_content"),
    ("platforms", "platform_content or account_ids"),
    ("useQueue", "use_queue"),
];
/// Names under which bodies of posts are read. What is left out by a slip, such as the time, cannot be made good once
/// the post is public, so a name that is nearly one of these is refused.
const NAMES: [&str; 15] = [
    "account_ids",
    "allow_duplicate",
    "campaign_id",
    "content",
    "draft",
    "media_ids",
    "platform_content",
    "publish_now",
    "request_approval",
    "scheduled_at",
    "scheduled_for",
    "threadPosts",
    "thread_posts",
    "timezone",
    "use_queue",
];
/// From this length on two slips are told from another word, below it one.
const LONG_NAME: usize = 8;
/// Members of a post that only answers carry: a fetched post may be sent back as it is.
const ANSWERED: [&str; 2] = ["post_id", "id"];

/// The members of a body.
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The members of `body`.
    pub(crate) fn of(body: &'a Value) -> Result<Self, ApiError> {
        match body {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(ApiError::validation("body", "The body must be a JSON object.")),
        }
    }

    /// Refuses well-known wrong names, and those that are nearly right. A post that was fetched and is sent
    /// back carries `media` and `message` beside the right names.
    pub(crate) fn refuse_wrong_names(&self) -> Result<(), ApiError> {
        let fetched = ANSWERED.iter().any(|name| self.0.contains_key(*name));
        if self.0.contains_key("media") && !self.0.contains_key("media_ids") {
            return Err(ApiError::wrong_name("media", "media_ids"));
        }
        for (wrong, right) in WRONG_NAMES {
            if self.0.contains_key(wrong) && !(fetched && wrong == "message") {
                return Err(ApiError::wrong_name(wrong, right));
            }
        }
        match self.0.keys().find_map(|sent| Some((sent, slip_of(sent)?))) {
            Some((sent, meant)) => Err(ApiError::wrong_name(sent, meant)),
            None => Ok(()),
        }
    }

    /// Whether none of `names` is there.
    pub(crate) fn has_none_of(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.get(name).is_none())
    }

    /// The member, where `null` is the same as missing.
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        self.get(name).map(|value| text(value, name)).transpose()
    }

    /// The member where `null` clears it, unlike one that is missing.
    #[expect(clippy::option_option, reason = "missing, null and a text are three things")]
    pub(crate) fn clearable_text(&self, name: &str) -> Result<Option<Option<String>>, ApiError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => text(value, name).map(|text| Some(Some(text))),
        }
    }

    /// The member as it is.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.get(name)
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.get(name)
            .map(|value| value.as_bool().ok_or_else(|| wrong(name, "true or false", value)))
            .transpose()
    }

    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        Timestamp::parse(&text).map(Some).map_err(|_| {
            ApiError::validation(
                name,
                format!("{name} must be an ISO 8601 time such as 2027-01-31T09:00:00Z."),
            )
        })
    }

    pub(crate) fn account_ids(&self) -> Result<Option<Vec<AccountId>>, ApiError> {
        let name = "account_ids";
        let Some(items) = self.list(name, MAX_ACCOUNTS)? else { return Ok(None) };
        let mut ids = Vec::with_capacity(items.len());
        let mut seen = std::collections::HashSet::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let id = AccountId(integer(item, &format!("{name}[{at}]"))?);
            if seen.insert(id) {
                ids.push(id);
            }
        }
        Ok(Some(ids))
    }

    pub(crate) fn media_ids(&self) -> Result<Option<Vec<MediaId>>, ApiError> {
        let name = "media_ids";
        let Some(items) = self.list(name, MAX_MEDIA)? else { return Ok(None) };
        let mut ids: Vec<MediaId> = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let path = format!("{name}[{at}]");
            let id = Uuid::parse_str(&text(item, &path)?)
                .map(MediaId)
                .map_err(|_| ApiError::validation(&path, format!("{path} must be a media id (a UUID).")))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(Some(ids))
    }

    /// `thread_posts`; an old guide calls it `threadPosts`.
    pub(crate) fn thread_posts(&self) -> Result<Option<Vec<String>>, ApiError> {
        let (newer, older) = (self.texts("thread_posts")?, self.texts("threadPosts")?);
        Ok(newer.or(older))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(items) = self.list(name, MAX_TEXTS)? else { return Ok(None) };
        let items = items.iter().enumerate().map(|(at, item)| text(item, &format!("{name}[{at}]")));
        items.collect::<Result<_, _>>().map(Some)
    }

    /// `campaign_id` where `null` stands for none, unlike one that is missing.
    #[expect(clippy::option_option, reason = "missing, null and an id are three things")]
    pub(crate) fn clearable_campaign_id(&self) -> Result<Option<Option<CampaignId>>, ApiError> {
        if self.0.contains_key("campaign_id") { self.campaign_id().map(Some) } else { Ok(None) }
    }

    /// Whether the member is there, be it `null`.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn campaign_id(&self) -> Result<Option<CampaignId>, ApiError> {
        self.get("campaign_id").map(|value| integer(value, "campaign_id").map(CampaignId)).transpose()
    }

    pub(crate) fn account_id(&self) -> Result<Option<AccountId>, ApiError> {
        self.get("account_id").map(|value| integer(value, "account_id").map(AccountId)).transpose()
    }

    /// A whole number that is not negative.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<u64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        u64::try_from(integer(value, name)?)
            .map(Some)
            .map_err(|_| ApiError::validation(name, format!("{name} must not be negative.")))
    }

    /// Any number that is not negative.
    pub(crate) fn amount(&self, name: &str) -> Result<Option<f64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| wrong(name, "a number", value))?;
        if number < 0.0 {
            return Err(ApiError::validation(name, format!("{name} must not be negative.")));
        }
        Ok(Some(number))
    }

    /// The member, which has to be there and not be empty.
    pub(crate) fn needed_text(&self, name: &str) -> Result<String, ApiError> {
        let text = self.text(name)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::validation(name, format!("{name} is missing.")))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<&'a Map<String, Value>>, ApiError> {
        self.get(name)
            .map(|value| value.as_object().ok_or_else(|| wrong(name, "an object", value)))
            .transpose()
    }

    /// The entries of a list that has to be there, however many.
    pub(crate) fn entries(&self, name: &str) -> Result<&'a Vec<Value>, ApiError> {
        let missing = || ApiError::validation(name, format!("{name} is missing; it is a list."));
        self.list(name, usize::MAX)?.ok_or_else(missing)
    }

    pub(crate) fn list(&self, name: &str, most: usize) -> Result<Option<&'a Vec<Value>>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let items = value.as_array().ok_or_else(|| wrong(name, "a list", value))?;
        if items.len() > most {
            return Err(ApiError::validation(name, format!("{name} must have {most} entries at most.")));
        }
        Ok(Some(items))
    }
}

/// The name that was meant by one that is nearly it.
fn slip_of(sent: &str) -> Option<&'static str> {
    if NAMES.contains(&sent) {
        return None;
    }
    let plain = |name: &str| name.replace(['_', '-'], "").to_ascii_lowercase();
    let sent = plain(sent);
    NAMES.into_iter().find(|name| {
        let name = plain(name);
        let most = if name.len() < LONG_NAME { 1 } else { 2 };
        name.len().abs_diff(sent.len()) <= most && strsim::osa_distance(&name, &sent) <= most
    })
}

pub(crate) fn text(value: &Value, path: &str) -> Result<String, ApiError> {
    value.as_str().map(ToOwned::to_owned).ok_or_else(|| wrong(path, "a text", value))
}

/// An integer, also one that is written as `1.0`.
fn integer(value: &Value, path: &str) -> Result<i64, ApiError> {
    /// Beyond this, a number that went through a double may not be the one that was meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(number) = value.as_i64() {
        return Ok(number);
    }
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        Some(number) if number.fract() == 0.0 && number.abs() < EXACT => Ok(number as i64),
        _ => Err(wrong(path, "an integer", value)),
    }
}

pub(crate) fn wrong(path: &str, wanted: &str, value: &Value) -> ApiError {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    ApiError::validation(path, format!("{path} must be {wanted}, not {got}."))
}
