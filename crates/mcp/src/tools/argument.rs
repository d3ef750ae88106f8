//! Arguments of tools: what they are, and their JSON schema.

use serde_json::{Map, Value, json};

/// An argument of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether the tool cannot do without.
    pub(crate) is_needed: bool,
    /// What is sent when it is left out.
    pub(crate) default: Option<Literal>,
    /// What the API calls it, where that is another name.
    pub(crate) called: Option<&'static str>,
    /// What stands for yes there, where a flag is one value of several.
    pub(crate) yes: Option<&'static str>,
    /// What a model is told.
    pub(crate) about: &'static str,
}

/// What an argument holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A text of this length at most.
    Text(usize),
    /// A UUID.
    Uuid,
    /// A web address.
    Address,
    /// A whole number in this range.
    Integer(i64, i64),
    /// Yes or no.
    Flag,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of UUIDs, as many at most.
    Uuids(usize),
    /// A list of whole numbers.
    Integers,
    /// An object.
    Object,
    /// A list of objects, as many at most.
    Objects(usize),
    /// The text of a file, which is the whole body.
    File,
}

/// A value that stands in the table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Literal {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
}

impl Literal {
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Integer(number) => number.into(),
        }
    }
}

/// The longest text without a limit of its own.
const ANY_LENGTH: usize = usize::MAX;
/// The highest number that every client can write.
const HIGHEST: i64 = 9_007_199_254_740_991;

impl Argument {
    pub(super) const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, kind, is_needed: false, default: None, called: None, yes: None, about }
    }

    pub(super) const fn text(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Kind::Text(ANY_LENGTH), about)
    }

    pub(super) const fn flag(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Kind::Flag, about)
    }

    /// The number of a thing, such as an account.
    pub(super) const fn number(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Kind::Integer(1, HIGHEST), about)
    }

    pub(super) const fn between(name: &'static str, least: i64, most: i64, about: &'static str) -> Self {
        Self::new(name, Kind::Integer(least, most), about)
    }

    pub(super) const fn uuid(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Kind::Uuid, about)
    }

    /// A moment as ISO 8601.
    pub(super) const fn moment(name: &'static str, about: &'static str) -> Self {
        Self::text(name, about)
    }

    pub(super) const fn one_of(
        name: &'static str,
        values: &'static [&'static str],
        about: &'static str,
    ) -> Self {
        Self::new(name, Kind::OneOf(values), about)
    }

    pub(super) const fn needed(self) -> Self {
        Self { is_needed: true, ..self }
    }

    pub(super) const fn or_else(self, default: Literal) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(super) const fn called(self, name: &'static str) -> Self {
        Self { called: Some(name), ..self }
    }

    /// A flag that is a value of this member.
    pub(super) const fn sent_as(self, name: &'static str, value: &'static str) -> Self {
        Self { called: Some(name), yes: Some(value), ..self }
    }

    /// What the API calls it.
    pub(crate) fn member(&self) -> &'static str {
        self.called.unwrap_or(self.name)
    }

    /// The JSON schema.
    pub(crate) fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text(ANY_LENGTH) | Kind::File => json!({ "type": "string" }),
            Kind::Text(most) => json!({ "type": "string", "maxLength": most }),
            Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
            Kind::Address => json!({ "type": "string", "format": "uri" }),
            Kind::Integer(least, HIGHEST) => json!({ "type": "integer", "minimum": least }),
            Kind::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::OneOf(values) => json!({ "type": "string", "enum": values }),
            Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Kind::Uuids(most) => json!({
                "type": "array", "items": { "type": "string", "format": "uuid" }, "maxItems": most,
            }),
            Kind::Integers => json!({ "type": "array", "items": { "type": "integer" } }),
            Kind::Object => json!({ "type": "object", "additionalProperties": true }),
            Kind::Objects(most) => json!({
                "type": "array", "items": { "type": "object" }, "minItems": 1, "maxItems": most,
            }),
        };
        if let Some(members) = schema.as_object_mut() {
            if let Some(default) = self.default {
                members.insert("default".to_owned(), default.value());
            }
            members.insert("description".to_owned(), self.about.into());
        }
        schema
    }

    /// Why the value is none for this argument. How long or how high it may be, the API says.
    pub(crate) fn complaint(&self, value: &Value) -> Option<String> {
        let (is_right, wanted) = match self.kind {
            Kind::Text(_) | Kind::File => (value.is_string(), "a text"),
            Kind::Address => (value.is_string(), "an address"),
            Kind::Uuid => (is_uuid(value), "a UUID"),
            Kind::Integer(..) => (whole(value).is_some(), "a whole number"),
            Kind::Flag => (value.is_boolean(), "true or false"),
            Kind::OneOf(values) => {
                let is_one = value.as_str().is_some_and(|text| values.contains(&text));
                return (!is_one).then(|| format!("{} must be one of: {}.", self.name, values.join(", ")));
            }
            Kind::Texts => (is_list(value, Value::is_string), "a list of texts"),
            Kind::Uuids(_) => (is_list(value, is_uuid), "a list of UUIDs"),
            Kind::Integers => (is_list(value, |item| whole(item).is_some()), "a list of whole numbers"),
            Kind::Object => (value.is_object(), "an object"),
            Kind::Objects(_) => (is_list(value, Value::is_object), "a list of objects"),
        };
        (!is_right).then(|| format!("{} must be {wanted}.", self.name))
    }
}

/// A whole number, however it is written: some clients write 5 as 5.0.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
    })
}

fn is_uuid(value: &Value) -> bool {
    let is_part = |(part, length): (&str, usize)| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    value.as_str().is_some_and(|text| {
        text.split('-').count() == 5 && text.split('-').zip([8, 4, 4, 4, 12]).all(is_part)
    })
}

fn is_list(value: &Value, is_item: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(is_item))
}

/// The schema of all arguments together.
pub(crate) fn schema_of(arguments: &[Argument]) -> Map<String, Value> {
    let properties: Map<String, Value> =
        arguments.iter().map(|argument| (argument.name.to_owned(), argument.schema())).collect();
    let needed: Vec<&str> =
        arguments.iter().filter(|argument| argument.is_needed).map(|argument| argument.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    if !needed.is_empty() {
        schema.insert("required".to_owned(), needed.into());
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}
