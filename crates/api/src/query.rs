//! Reading query parameters: lists separated by commas, times, bounds. A bad value is refused with
//! the parameter named; an unknown parameter is ignored.

use app::campaigns::ListCampaigns;
use app::posts::{ListPosts, PostPlace, Range, SortBy};
use app::webhooks::ListDeliveries;
use domain::campaign::CampaignStatus;
use domain::event::EventKind;
use domain::webhook::DeliveryStatus;
use domain::{AccountId, ApprovalState, CampaignId, DeliveryId, PlatformName, PostId, PostStatus, Timestamp};

use crate::cursor::Place;
use crate::error::ApiError;

/// The parameters of a request.
pub(crate) struct Query(Vec<(String, String)>);

/// How much one page may hold.
const PAGE_MAX: u32 = 100;
pub(crate) const PAGE_DEFAULT: u32 = 20;
const CAMPAIGNS_DEFAULT: u32 = 50;
/// What cursors of these lists are called.
pub(crate) const DELIVERIES: &str = "deliveries";
pub(crate) const MEDIA: &str = "media";
/// The longest text to search for, in characters.
const SEARCH_MAX: usize = 500;

impl Query {
    /// The parameters of a query string.
    pub(crate) fn parse(query: Option<&str>) -> Result<Self, ApiError> {
        let pairs = form_pairs(query.unwrap_or_default());
        if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
            return Err(ApiError::validation(name, format!("{name} must not hold NUL characters.")));
        }
        Ok(Self(pairs))
    }

    /// A parameter's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).into_iter().flat_map(|value| value.split(',')).map(str::trim)
    }

    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        self.get(name)
            .map(|value| {
                // A plus sign that was not encoded arrives as a space.
                Timestamp::parse(&value.replace(' ', "+")).or_else(|_| Timestamp::parse(value)).map_err(
                    |_| {
                        ApiError::validation(
                            name,
                            format!("{name} must be an ISO 8601 time such as 2027-01-31T09:00:00Z."),
                        )
                    },
                )
            })
            .transpose()
    }

    pub(crate) fn integer<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        self.get(name)
            .map(|value| {
                // Also one that is written as `1.0`, as in bodies.
                let whole = value.strip_suffix(".0").unwrap_or(value);
                whole.parse().map_err(|_| ApiError::validation(name, format!("{name} must be an integer.")))
            })
            .transpose()
    }

    fn search(&self) -> Result<Option<String>, ApiError> {
        let text = self.get("search").filter(|text| !text.is_empty());
        if text.is_some_and(|text| text.chars().count() > SEARCH_MAX) {
            let message = format!("search must have {SEARCH_MAX} characters at most.");
            return Err(ApiError::validation("search", message));
        }
        Ok(text.map(ToOwned::to_owned))
    }

    fn range(&self, what: &str) -> Result<Range, ApiError> {
        let (after, before) = (self.time(&format!("{what}_after"))?, self.time(&format!("{what}_before"))?);
        Ok(Range { after, before })
    }

    /// `true` or `false`; false when it is missing.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(ApiError::validation(name, format!("{name} must be true or false."))),
        }
    }

    /// `limit`, which is `default` where it is not given, and `offset`.
    pub(crate) fn page(&self, default: u32) -> Result<(u32, u64), ApiError> {
        let limit = self.integer::<i64>("limit")?.unwrap_or(i64::from(default));
        let limit =
            u32::try_from(limit).ok().filter(|limit| (1..=PAGE_MAX).contains(limit)).ok_or_else(|| {
                ApiError::validation("limit", format!("limit must be between 1 and {PAGE_MAX}."))
            })?;
        let offset = self.integer::<i64>("offset")?.unwrap_or(0);
        let offset = u64::try_from(offset)
            .map_err(|_| ApiError::validation("offset", "offset must not be negative."))?;
        Ok((limit, offset))
    }

    /// The place that the page begins after. `list` names the list and its order.
    pub(crate) fn cursor(&self, list: &str) -> Result<Option<Place>, ApiError> {
        let Some(text) = self.get("cursor") else { return Ok(None) };
        if self.get("offset").is_some_and(|offset| offset != "0") {
            return Err(ApiError::validation("cursor", "Send cursor or offset, not both."));
        }
        Place::read(text, list).map(Some)
    }

    /// The parameters of the list of campaigns.
    pub(crate) fn list_campaigns(&self) -> Result<ListCampaigns, ApiError> {
        let status = self.get("status").map(|word| {
            CampaignStatus::parse(word)
                .ok_or_else(|| ApiError::validation("status", "status must be active or archived."))
        });
        let (limit, offset) = self.page(CAMPAIGNS_DEFAULT)?;
        Ok(ListCampaigns { status: status.transpose()?, limit, offset })
    }

    /// The parameters of a webhook's log.
    pub(crate) fn list_deliveries(&self) -> Result<ListDeliveries, ApiError> {
        let status = self.get("status").map(|word| {
            DeliveryStatus::parse(word)
                .ok_or_else(|| ApiError::validation("status", "status must be pending, delivered or dead."))
        });
        let event = self.get("event").map(|name| {
            EventKind::parse(name)
                .ok_or_else(|| ApiError::validation("event", "event must be one that a webhook may ask for."))
        });
        let (limit, offset) = self.page(PAGE_DEFAULT)?;
        let after = self.cursor(DELIVERIES)?.map(|place| DeliveryId(place.id));
        Ok(ListDeliveries { status: status.transpose()?, event: event.transpose()?, limit, offset, after })
    }

    /// The events that a stream shall tell of; none for all.
    pub(crate) fn followed_events(&self) -> Result<Vec<EventKind>, ApiError> {
        let names = self.list("events").filter(|name| !name.is_empty());
        names
            .map(|name| {
                EventKind::parse(name).ok_or_else(|| {
                    ApiError::validation(
                        "events",
                        "events must be names of events that a webhook may ask for.",
                    )
                })
            })
            .collect()
    }

    /// The parameters of the list of posts.
    pub(crate) fn list_posts(&self) -> Result<ListPosts, ApiError> {
        let statuses = self
            .list("status")
            .map(|word| {
                PostStatus::parse(word).ok_or_else(|| {
                    let known: Vec<&str> = PostStatus::ALL.iter().map(|status| status.as_str()).collect();
                    ApiError::validation("status", format!("status must be any of {}.", known.join(", ")))
                })
            })
            .collect::<Result<_, _>>()?;
        let approvals = self
            .list("approval")
            .map(|word| {
                ApprovalState::parse(word).ok_or_else(|| {
                    let known: Vec<&str> = ApprovalState::ALL.iter().map(|state| state.as_str()).collect();
                    ApiError::validation("approval", format!("approval must be any of {}.", known.join(", ")))
                })
            })
            .collect::<Result<_, _>>()?;
        let sort = match self.get("sort") {
            None | Some("created_at") => SortBy::CreatedAt,
            Some("scheduled_for") => SortBy::ScheduledFor,
            Some("published_at") => SortBy::PublishedAt,
            Some("updated_at") => SortBy::UpdatedAt,
            Some(_) => {
                let message = "sort must be created_at, scheduled_for, published_at or updated_at.";
                return Err(ApiError::validation("sort", message));
            }
        };
        let ascending = match self.get("order") {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(_) => return Err(ApiError::validation("order", "order must be desc or asc.")),
        };
        let (limit, offset) = self.page(PAGE_DEFAULT)?;
        let place = |place: Place| PostPlace { at: place.at, id: PostId(place.id) };
        let after = self.cursor(posts_list(sort, ascending))?.map(place);
        Ok(ListPosts {
            statuses,
            approvals,
            platforms: self.list("platform").map(PlatformName::from_text).collect(),
            account_id: self.integer("account_id")?.map(AccountId),
            campaign_id: self.integer("campaign_id")?.map(CampaignId),
            created: self.range("created")?,
            scheduled: self.range("scheduled")?,
            published: self.range("published")?,
            updated_after: self.time("updated_after")?,
            search: self.search()?,
            sort,
            ascending,
            limit,
            offset,
            after,
        })
    }
}

/// What a cursor of the list of posts is called.
pub(crate) fn posts_list(sort: SortBy, ascending: bool) -> &'static str {
    match (sort, ascending) {
        (SortBy::CreatedAt, false) => "posts.created_at.desc",
        (SortBy::CreatedAt, true) => "posts.created_at.asc",
        (SortBy::ScheduledFor, false) => "posts.scheduled_for.desc",
        (SortBy::ScheduledFor, true) => "posts.scheduled_for.asc",
        (SortBy::PublishedAt, false) => "posts.published_at.desc",
        (SortBy::PublishedAt, true) => "posts.published_at.asc",
        (SortBy::UpdatedAt, false) => "posts.updated_at.desc",
        (SortBy::UpdatedAt, true) => "posts.updated_at.asc",
    }
}

/// Pairs of an `application/x-www-form-urlencoded` text.
fn form_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let ahead = rest.clone().take(2).collect::<Vec<u8>>();
                let digits = std::str::from_utf8(&ahead).ok().filter(|digits| digits.len() == 2);
                match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(decoded) => {
                        bytes.push(decoded);
                        rest.nth(1);
                    }
                    None => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_times_and_old_words_are_read() {
        let query = Query::parse(Some(
            "status=done,queued&platform=x,twitter&created_after=2026-10-01T00:00:00+02:00&limit=5.0",
        ))
        .unwrap();
        let list = query.list_posts().unwrap();
        assert_eq!(list.statuses, [PostStatus::Published, PostStatus::Scheduled]);
        assert_eq!(list.platforms[0], list.platforms[1]);
        assert_eq!(list.created.after, Some(Timestamp::parse("2026-09-30T22:00:00Z").unwrap()));
        assert_eq!((list.limit, list.offset), (5, 0));
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("offset=-1", "offset"),
            ("status=gone", "status"),
            ("sort=name", "sort"),
            ("order=up", "order"),
            ("account_id=x", "account_id"),
            ("published_before=tomorrow", "published_before"),
            ("search=a%00b", "search"),
            ("offset=", "offset"),
            ("limit=", "limit"),
            ("status=", "status"),
            ("status=draft,", "status"),
            ("cursor=x", "cursor"),
            ("cursor=", "cursor"),
            ("cursor=cG9zdHM&offset=1", "cursor"),
            ("updated_after=", "updated_after"),
        ] {
            let error =
                Query::parse(Some(query)).and_then(|query| query.list_posts().map(|_| ())).unwrap_err();
            assert_eq!(error.details.unwrap()["field"], field, "{query}");
        }
    }
}
