use std::collections::BTreeMap;

use jiff::civil::DateTime;
use proptest::prelude::*;

use super::*;

fn slots(texts: &[(u64, &str)]) -> Vec<Slot> {
    texts.iter().map(|(day, time)| Slot::parse(*day, time).unwrap()).collect()
}

fn openings(zone: &str, list: &[(u64, &str)], after: &str, days: i64) -> Vec<String> {
    let after = Timestamp::parse(after).unwrap();
    let table = Timetable::new(zone, slots(list)).unwrap();
    table.openings(after, after + Span::from_days(days)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_slot_is_a_day_and_a_time() {
    let slot = Slot::parse(7, "09:30").unwrap();
    assert_eq!((slot.day(), slot.time().as_str(), slot.label().as_str()), (7, "09:30", "Sun 09:30"));
    assert_eq!(Slot::from_minute(slot.minute()), Some(slot));
    assert_eq!(Slot::from_minute(7 * 1440), None);
    for (day, time) in [
        (0, "09:00"),
        (8, "09:00"),
        (1, "24:00"),
        (1, "09:60"),
        (1, "9:00"),
        (1, "09:0"),
        (1, "0900"),
        (1, "+9:00"),
        (1, "09:00:00"),
        (1, ""),
    ] {
        assert_eq!(Slot::parse(day, time), None, "{day} {time}");
    }
}

#[test]
fn slots_keep_their_local_time_over_the_change_of_the_clocks() {
    let found = openings("Europe/Berlin", &[(6, "09:00"), (7, "09:00")], "2027-03-27T00:00:00Z", 2);
    assert_eq!(found, ["2027-03-27T08:00:00.000Z", "2027-03-28T07:00:00.000Z"]);
}

#[test]
fn a_time_that_clocks_skip_is_later_by_what_they_skip() {
    // 02:00 becomes 03:00, so 02:30 is 03:30, where another slot may be: one moment, not two.
    let list = [(7, "02:30"), (7, "03:00"), (7, "03:30")];
    let found = openings("Europe/Berlin", &list, "2027-03-27T22:00:00Z", 1);
    assert_eq!(found, ["2027-03-28T01:00:00.000Z", "2027-03-28T01:30:00.000Z"]);
    // Greenland's clocks skip the last hour of the Saturday.
    let found = openings("America/Nuuk", &[(6, "23:30"), (7, "00:15")], "2027-03-27T12:00:00Z", 1);
    assert_eq!(found, ["2027-03-28T01:15:00.000Z", "2027-03-28T01:30:00.000Z"]);
}

#[test]
fn a_time_that_comes_twice_counts_once_the_first_time() {
    let found = openings("Europe/Berlin", &[(7, "02:30"), (7, "03:00")], "2027-10-30T22:00:00Z", 1);
    assert_eq!(found, ["2027-10-31T00:30:00.000Z", "2027-10-31T02:00:00.000Z"]);
}

#[test]
fn no_slot_and_no_zone_give_nothing() {
    assert!(Timetable::new("Mars/Olympus", Vec::new()).is_none());
    assert!(Timetable::new("", Vec::new()).is_none());
    assert!(openings("UTC", &[], "2027-01-01T00:00:00Z", 30).is_empty());
    let table = Timetable::new("UTC", slots(&[(1, "09:00")])).unwrap();
    let (first, last) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
    assert!(table.openings(first, last).is_empty());
    assert_eq!(table.local(last), None);
}

/// Zones with all kinds of changes: of an hour, of half an hour, at midnight, before midnight, in
/// the month of fasting, of a whole day, and none.
const ZONES: [&str; 10] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "UTC",
];

/// What clocks show each minute from one moment to another: the first moment of each time, and the
/// times that are skipped with the moments that they are moved to.
fn watch(zone: &TimeZone, from: i64, minutes: i64) -> (BTreeMap<DateTime, i64>, BTreeMap<DateTime, i64>) {
    let (mut shown, mut skipped): (BTreeMap<DateTime, i64>, BTreeMap<DateTime, i64>) = Default::default();
    let mut before: Option<DateTime> = None;
    for minute in 0..minutes {
        let second = from + minute * 60;
        let now = jiff::Timestamp::from_second(second).unwrap().to_zoned(zone.clone()).datetime();
        if let Some(before) = before {
            let mut missing = before.checked_add(1.minute()).unwrap();
            let mut late = second;
            while missing < now {
                skipped.insert(missing, late);
                missing = missing.checked_add(1.minute()).unwrap();
                late += 60;
            }
        }
        shown.entry(now).or_insert(second);
        before = Some(now);
    }
    (shown, skipped)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Compared with a clock that is watched minute by minute over days on which clocks change.
    #[test]
    fn openings_are_what_a_watched_clock_shows(
        zone in proptest::sample::select(ZONES.to_vec()),
        year in 2010_i64..2037,
        turn in 0_usize..4,
        minutes in proptest::collection::btree_set(0_u16..7 * 1440, 1..40),
    ) {
        let zone_of = TimeZone::get(zone).unwrap();
        let start = jiff::civil::date(i16::try_from(year).unwrap(), 1, 1).to_zoned(zone_of.clone()).unwrap();
        // The next change of the clocks, if the zone has any left.
        let middle = zone_of
            .following(start.timestamp())
            .nth(turn)
            .map_or(start.timestamp(), |change| change.timestamp())
            .as_second();
        let middle = middle - middle.rem_euclid(60);
        let (watched_from, watched_until) = (middle - 4 * 86_400, middle + 4 * 86_400);
        let (from, until) = (middle - 2 * 86_400, middle + 2 * 86_400);
        let (shown, skipped) = watch(&zone_of, watched_from, (watched_until - watched_from) / 60);
        let slots: Vec<Slot> = minutes.into_iter().filter_map(Slot::from_minute).collect();
        let is_slot = |time: &DateTime| {
            let day = u16::try_from(time.weekday().to_monday_zero_offset()).unwrap();
            let minute = u16::try_from(time.hour()).unwrap() * 60 + u16::try_from(time.minute()).unwrap();
            slots.contains(&Slot::from_minute(day * 1440 + minute).unwrap())
        };
        let wanted: BTreeSet<i64> = shown
            .iter()
            .chain(&skipped)
            .filter(|(time, second)| is_slot(time) && **second > from && **second <= until)
            .map(|(_, second)| *second)
            .collect();
        let table = Timetable::new(zone, slots.clone()).unwrap();
        let (after, to) = (Timestamp::from_seconds(from), Timestamp::from_seconds(until));
        let found: Vec<i64> = table.openings(after, to).iter().map(|at| at.as_seconds()).collect();
        prop_assert_eq!(&found, &wanted.into_iter().collect::<Vec<_>>(), "{} {}", zone, middle);
        // Looking in two steps finds the same.
        let halfway = Timestamp::from_seconds(middle);
        let mut steps = table.openings(after, halfway);
        steps.extend(table.openings(halfway, to));
        prop_assert_eq!(steps, table.openings(after, to));
    }

    #[test]
    fn nothing_makes_it_panic(zone in proptest::sample::select(ZONES.to_vec()), after in any::<i64>().prop_map(|micros| micros / 30), minute in 0_u16..10_080) {
        let table = Timetable::new(zone, vec![Slot::from_minute(minute).unwrap()]).unwrap();
        let after = Timestamp::from_micros(after);
        let found = table.openings(after, after + Span::from_days(30));
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.iter().all(|at| *at > after && table.local(*at).is_some()));
    }
}
