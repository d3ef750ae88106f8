use fanfare_domain::text::*;
#[test]
fn fuzz() {
    let rows: Vec<(String, u32, Vec<String>)> = serde_json::from_str(&std::fs::read_to_string("/tmp/tt/fuzz.json").unwrap()).unwrap();
    let mut bad = 0;
    for (t, n, urls) in &rows {
        let mine: Vec<&str> = twitter_urls(t).into_iter().map(|r| &t[r]).collect();
        let len = length(CountingRule::TwitterWeighted, t);
        if mine != *urls || len != *n {
            bad += 1;
            if bad < 40 { println!("{t:?}\n   oracle {n} {urls:?}\n   mine   {len} {mine:?}"); }
        }
    }
    println!("bad {bad} of {}", rows.len());
    assert_eq!(bad, 0);
}
