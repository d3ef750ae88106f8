//! Reading the configuration, and refusing what cannot work.

use toml::{Table, Value};

use super::source::{read, set};
use super::*;

#[test]
fn the_environment_sets_nested_keys() {
    let mut table = Table::new();
    set(&mut table, "FANFARE_PLATFORMS__X__CLIENT_ID", "abc").unwrap();
    set(&mut table, "FANFARE_ENGINE__CAPACITY", "7").unwrap();
    set(&mut table, "FANFARE_LISTEN", "127.0.0.1:1").unwrap();
    let config: Config = Value::Table(table).try_into().unwrap();
    assert_eq!(config.platforms["x"].client_id, "abc");
    assert_eq!(config.engine.capacity, 7);
    assert_eq!(config.listen.port(), 1);
}

#[test]
fn ids_that_are_made_of_digits_stay_texts() {
    let mut table = Table::new();
    for name in ["CLIENT_ID", "CLIENT_SECRET", "API_VERSION"] {
        set(&mut table, &format!("FANFARE_PLATFORMS__X__{name}"), "1234567890").unwrap();
    }
    let config: Config = Value::Table(table).try_into().unwrap();
    let settings = &config.platforms["x"];
    assert_eq!((settings.client_id.as_str(), settings.api_version.as_str()), ("1234567890", "1234567890"));
    assert_eq!(settings.client_secret.0, "1234567890");
}

#[test]
fn a_server_is_private_while_nothing_says_that_others_reach_it() {
    let (here, everywhere) = ("127.0.0.1:80".parse().unwrap(), "0.0.0.0:80".parse().unwrap());
    let with = |public_url: &str| Config { public_url: public_url.to_owned(), ..Config::default() };
    assert!(with("").is_private(here));
    assert!(with("http://localhost:8080").is_private(here));
    assert!(!with("").is_private(everywhere));
    assert!(!with("https://social.example.org").is_private(here), "a proxy leads here");
}

#[test]
fn platforms_fetch_from_a_public_address_and_the_sandbox_from_any() {
    let real = Config::default();
    for inside in ["http://127.0.0.1:8080", "http://localhost", "http://192.168.1.5", "http://[::1]:80"] {
        assert_eq!(real.reachable_url(inside), None, "{inside}");
    }
    let outside = real.reachable_url("https://social.example.org/fanfare").unwrap();
    assert_eq!(outside.as_str(), "https://social.example.org/fanfare/");
    assert!(real.reachable_url("http://203.0.113.9:8080").is_some());
    let demo = Config { sandbox_url: "http://127.0.0.1:9090".to_owned(), ..Config::default() };
    assert_eq!(demo.reachable_url("http://127.0.0.1:8080").unwrap().as_str(), "http://127.0.0.1:8080/");
}

#[test]
fn a_lease_that_a_request_could_outlive_is_refused() {
    let with = |request_timeout_ms, lease_ms| Config {
        engine: Engine { request_timeout_ms, lease_ms, ..Engine::default() },
        ..Config::default()
    };
    assert!(with(2_000, 3_000).check().is_ok());
    assert!(with(60_000, 90_000).check().is_ok());
    let refused = with(2_000, 2_999).check().unwrap_err().to_string();
    assert!(refused.contains("engine.lease_ms must be between 3000"), "{refused}");
    assert!(with(2_000, 600_001).check().is_err());
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_was_meant() {
    let file = Path::new("c.toml");
    let of_file = |text: &str| read(text.parse().unwrap(), Some(file), &[]).unwrap_err().to_string();
    let of_environment = |name: &str, value: &str| {
        let mut table = Table::new();
        set(&mut table, name, value).unwrap();
        read(table, Some(file), &[name.to_owned()]).unwrap_err().to_string()
    };
    let all = "docs/configuration.md lists every setting";
    assert_eq!(
        of_file("listn = \"127.0.0.1:1\""),
        format!("c.toml sets `listn`, which is no setting; did you mean `listen`? {all}")
    );
    assert_eq!(
        of_file("[engine]\nlease = 5"),
        format!("c.toml sets `engine.lease`, which is no setting; {all}")
    );
    assert_eq!(
        of_environment("FANFARE_LISTN", "127.0.0.1:1"),
        format!(
            "the environment sets FANFARE_LISTN, which is no setting; did you mean FANFARE_LISTEN? {all}"
        )
    );
    assert_eq!(
        of_environment("FANFARE_PLATFORMS__X__CLIENTID", "abc"),
        format!(
            "the environment sets FANFARE_PLATFORMS__X__CLIENTID, which is no setting; did you mean \
             FANFARE_PLATFORMS__X__CLIENT_ID? {all}"
        )
    );
    assert_eq!(
        of_file("listen = \"127.0.0.1\""),
        "`listen` in c.toml: invalid socket address syntax; write it as 127.0.0.1:8080"
    );
    assert_eq!(
        of_environment("FANFARE_ENGINE__LEASE_MS", "soon"),
        "FANFARE_ENGINE__LEASE_MS: invalid type: string \"soon\", expected u64"
    );
}

#[test]
fn a_platform_that_there_is_not_is_refused() {
    let with = |name: &str| Config {
        platforms: BTreeMap::from([(name.to_owned(), Platform::default())]),
        ..Config::default()
    };
    assert!(with("x").check().is_ok());
    let near = with("linkdin").check().unwrap_err().to_string();
    assert_eq!(near, "platforms.linkdin is no platform; did you mean platforms.linkedin?");
    let far = with("orkut").check().unwrap_err().to_string();
    assert!(far.starts_with("platforms.orkut is no platform; there are instagram, facebook, x,"), "{far}");
}

#[test]
fn secrets_are_not_shown() {
    assert_eq!(format!("{:?}", Secret("abc".to_owned())), "***");
}
