use super::*;
use crate::tenants::bare_owner;

/// One post to an account on X (1) and a LinkedIn member (2), in two parts.
struct Case {
    found: Found,
    before: Vec<SentPost>,
    tenants: Vec<Arc<Tenant>>,
}

fn told(account_id: i64, status: &str, code: Option<&str>) -> Told {
    let error_code = code.map(str::to_owned);
    Told { account_id, status: status.to_owned(), error: error_code.clone(), error_code }
}

impl Case {
    fn new(x: Told, linkedin: Told) -> Self {
        let accounts = vec![
            Account::new(1, "x", "900".to_owned()),
            Account::new(2, "linkedin", bare_owner("linkedin", "urn:li:person:abc")),
        ];
        let tenant = Tenant { key: String::new(), media: String::new(), accounts };
        let post = SentPost {
            number: 7,
            tenant: 0,
            targets: vec![0, 1],
            parts: 2,
            fate: Fate::Accepted("p".into()),
        };
        let found = Found {
            posts: vec![post.clone()],
            told: HashMap::from([(7, vec![x, linkedin])]),
            ledger: BTreeMap::new(),
            strange: Vec::new(),
            dead_accounts: HashSet::new(),
        };
        Self { found, before: vec![post], tenants: vec![Arc::new(tenant)] }
    }

    fn published() -> Self {
        let case = Self::new(told(1, "published", None), told(2, "published", None));
        case.live(0, "x", "900", 1).live(1, "x", "900", 1).live(0, "linkedin", "abc", 1)
    }

    fn live(mut self, part: usize, platform: &str, owner: &str, times: usize) -> Self {
        self.found.ledger.insert((7, part, platform.to_owned(), owner.to_owned()), times);
        self
    }

    fn verdicts(&self) -> Verdicts {
        audit(&self.found, &self.before, &self.tenants)
    }
}

fn counts(verdicts: &Verdicts) -> [usize; 5] {
    verdicts.bad().map(|(_, list)| list.len())
}

#[test]
fn what_is_public_once_and_said_to_be_is_good() {
    let verdicts = Case::published().verdicts();
    assert!(verdicts.are_good(), "{verdicts:?}");
    assert_eq!((verdicts.accepted, verdicts.published), (2, 2));
}

#[test]
fn a_part_that_is_missing_or_public_twice_is_seen() {
    let mut case = Case::published();
    case.found.ledger.remove(&(7, 1, "x".to_owned(), "900".to_owned()));
    assert_eq!(counts(&case.verdicts()), [1, 0, 0, 0, 0]);
    let case = Case::published().live(0, "linkedin", "abc", 2);
    assert_eq!(counts(&case.verdicts()), [0, 1, 0, 0, 0]);
}

#[test]
fn what_never_ended_or_is_not_known_to_the_api_is_lost() {
    let case = Case::new(told(1, "queued", None), told(2, "failed", None));
    assert_eq!(counts(&case.verdicts()), [2, 0, 0, 0, 0]);
    let mut case = Case::published();
    case.found.told.clear();
    assert_eq!(counts(&case.verdicts()), [2, 0, 0, 0, 0]);
}

#[test]
fn a_failure_with_a_reason_is_good_unless_all_of_it_is_public() {
    let failed = || Case::new(told(1, "failed", Some("token_expired")), told(2, "failed", Some("duplicate")));
    let verdicts = failed().live(0, "x", "900", 1).verdicts();
    assert!(verdicts.are_good());
    assert_eq!(verdicts.broken_off, 1);
    let verdicts = failed().live(0, "linkedin", "abc", 1).verdicts();
    assert_eq!(counts(&verdicts), [0, 0, 1, 0, 0]);
}

#[test]
fn an_unknown_outcome_needs_a_platform_that_cannot_be_read_or_an_account_that_is_dead() {
    let unknown = || told(1, "failed", Some("outcome_unknown"));
    let mut case = Case::new(unknown(), Told { account_id: 2, ..unknown() });
    assert_eq!(counts(&case.verdicts()), [0, 0, 0, 1, 0]);
    case.found.dead_accounts.insert(1);
    let verdicts = case.verdicts();
    assert!(verdicts.are_good());
    assert_eq!(verdicts.unknown.values().sum::<usize>(), 2);
}

#[test]
fn what_was_refused_and_is_public_all_the_same_is_strange() {
    let mut case = Case::published();
    case.found.posts[0].fate = Fate::Unclear;
    assert_eq!(counts(&case.verdicts()), [0, 0, 0, 0, 3]);
}
