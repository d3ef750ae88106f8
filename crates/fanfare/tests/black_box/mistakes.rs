//! What somebody does wrong at first, and whether the answer helps.

use std::net::TcpListener;

use crate::support::{Folder, fanfare, run};

/// What the command says on standard error when it fails.
fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let (succeeded, text) = run(&folder.0, arguments);
    assert!(!succeeded, "{arguments:?} succeeded: {text}");
    assert!(!text.ends_with("\n\n"), "{text:?}");
    text
}

#[test]
fn a_port_that_is_taken_is_named_with_the_flag_that_chooses_another() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    for (arguments, flag) in [
        (vec!["serve", "--listen", &*address.to_string()], "--listen"),
        (vec!["sandbox", "--port", &port], "--port"),
        (vec!["demo", "--port", "0", "--sandbox-port", &port], "--sandbox-port"),
        (vec!["demo", "--port", &port, "--sandbox-port", "0"], "--port"),
    ] {
        let text = refused(&folder, &arguments);
        let expected = format!("another program listens on {address}; stop it, or choose another");
        assert!(text.contains(&expected) && text.contains(&format!(" with {flag}")), "{text}");
    }
}

#[test]
fn a_setting_that_is_none_is_named_with_its_place() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("c.toml"), "[engine]\ncapacty = 7\n").unwrap();
    let text = refused(&folder, &["--config", "c.toml", "serve"]);
    assert!(text.contains("c.toml sets `engine.capacty`, which is no setting"), "{text}");
    assert!(text.contains("did you mean `engine.capacity`?"), "{text}");
    let output = fanfare().current_dir(&folder.0).env("FANFARE_LISTN", "1").arg("serve").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(text.contains("FANFARE_LISTN") && text.contains("did you mean FANFARE_LISTEN?"), "{text}");
}

#[test]
fn a_data_folder_that_cannot_be_one_is_told_with_the_flag_for_another() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("file"), "").unwrap();
    for path in ["file", "file/below"] {
        let text = refused(&folder, &["serve", "--data-dir", path]);
        assert!(text.contains(path) && text.contains("--data-dir"), "{text}");
    }
}

#[test]
fn a_bucket_that_cannot_be_used_is_told_at_the_start_and_by_the_doctor() {
    let folder = Folder::new();
    let text = refused(&folder, &["serve", "--media-url", "s3://media?regoin=x"]);
    assert!(text.contains("media_url is no address") && text.contains("there are region"), "{text}");
    // Nothing listens on a port that was just given back.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("s3://media?endpoint=http://127.0.0.1:{port}");
    for command in ["serve", "doctor"] {
        let output = fanfare()
            .current_dir(&folder.0)
            .envs([("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "hidden")])
            .args([command, "--data-dir", "data", "--media-url", &address])
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(!output.status.success(), "{text}");
        let expected = format!("the bucket \"media\": http://127.0.0.1:{port}/media cannot be used");
        assert!(text.contains(&expected) && !text.contains("hidden"), "{text}");
    }
}

#[test]
fn an_empty_installation_says_what_to_do_first() {
    let folder = Folder::new();
    let text = refused(&folder, &["key", "create", "first", "--data-dir", "data"]);
    assert!(text.contains("`fanfare org create`") && text.contains("--data-dir"), "{text}");
}

#[test]
fn a_wrong_word_is_answered_with_the_right_one() {
    let folder = Folder::new();
    assert!(refused(&folder, &["demo", "--sandbox-prot", "0"]).contains("--sandbox-port"));
    assert!(refused(&folder, &["dmeo"]).contains("'demo'"));
    let (_, help) = run(&folder.0, &["help"]);
    assert!(help.contains("one call, every account, exactly once"), "{help}");
}
