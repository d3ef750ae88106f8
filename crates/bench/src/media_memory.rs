//! The memory of a server through which a large video goes: uploaded by a caller, published to an
//! emulated platform that takes it in pieces. On disk, and in a bucket of another process.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use app::setup;
use connector::{Credentials, Identity};
use domain::PlatformName;
use serde_json::{Value, json};
use store::{Store, StoreConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load;
use crate::process::Running;
use crate::report::{Entry, Goal, Report};
use crate::seed::{Seeded, keyring, open, seed};
use crate::stopwatch::now;
use crate::workplace::Workplace;

/// A short film; what follows it is padding as the format has it.
const FILM: &[u8] = include_bytes!("../../media/samples/plain.mp4");
const PLATFORM: &str = "youtube";
const PIECE_BYTES: usize = 256 * 1024;
const PUBLISHED_IN: Duration = Duration::from_mins(15);
const LOOKED_EVERY: Duration = Duration::from_millis(200);
const LIMIT_MIB: f64 = 120.0;
/// Larger than any video of a run.
const ROOM: &str = "8589934592";

/// Takes the figures.
pub(crate) async fn measure(workplace: &Workplace, video_bytes: u64, report: &mut Report) -> Result<()> {
    report.add(on(workplace, video_bytes, false).await.context("on disk")?);
    report.add(on(workplace, video_bytes, true).await.context("on S3")?);
    Ok(())
}

async fn on(workplace: &Workplace, video_bytes: u64, in_bucket: bool) -> Result<Entry> {
    let place = if in_bucket { "S3" } else { "disk" };
    let folder = workplace.folder(&format!("media-{place}"))?;
    let seeded = seed(&folder).await?;
    let mut command = Command::new(&workplace.fanfare);
    command.args(["sandbox", "--port", "0", "--json", "--data-dir"]).arg(folder.join("sandbox"));
    let (sandbox, sandbox_url) = Running::announced(&mut command, "sandbox_url")?;
    let account = connect(&seeded, &sandbox).await?;
    let mut settings = vec![("FANFARE_MEDIA__VIDEO_BYTES", ROOM)];
    let (mut s3, mut media_url) = (None, String::new());
    if in_bucket {
        let mut command = Command::new(&workplace.s3);
        let (running, endpoint) =
            Running::announced(command.arg("--folder").arg(folder.join("s3")), "endpoint")?;
        // The file goes by way of the server, which is what is measured.
        media_url = format!("s3://media?region=eu-central-1&endpoint={endpoint}&uploads=server");
        s3 = Some(running);
        settings.extend([
            ("FANFARE_MEDIA_URL", media_url.as_str()),
            ("AWS_ACCESS_KEY_ID", "AKTEST"),
            ("AWS_SECRET_ACCESS_KEY", "a-secret-for-tests"),
        ]);
    }
    let server = Running::fanfare_to(workplace, &folder, &sandbox_url, &settings).await?;
    let before = server.resident_mib()?;
    let started = now();
    let media = upload(&server, &seeded, video_bytes).await?;
    let (uploaded_in, after_upload) = (started.elapsed(), server.peak_mib()?);
    publish(&server, &seeded, account, &media).await?;
    let (all_in, peak) = (started.elapsed(), server.peak_mib()?);
    let of_sandbox = sandbox.peak_mib()?;
    server.stop()?;
    drop((sandbox, s3, media_url));
    std::fs::remove_dir_all(&folder)?;
    let mib = video_bytes >> 20;
    Ok(Entry {
        what: format!("Media, {place}"),
        figure: format!("{peak:.1} MiB"),
        baseline: "-".to_owned(),
        ratio: None,
        goal: Goal::Below { figure: peak, limit: LIMIT_MIB, unit: "MiB" },
        method: format!(
            "VmHWM in /proc of `fanfare serve` after a video of {mib} MiB was uploaded in three steps and \
             published to the sandbox's YouTube, files on {place}."
        ),
        notes: vec![
            format!("{before:.1} MiB before, {after_upload:.1} MiB at most until the upload was complete"),
            format!(
                "uploaded in {:.1} s, published after {:.1} s",
                uploaded_in.as_secs_f64(),
                all_in.as_secs_f64()
            ),
            format!("the sandbox held {of_sandbox:.1} MiB at most"),
        ],
    })
}

/// Connects an account that the sandbox makes.
async fn connect(seeded: &Seeded, sandbox: &Running) -> Result<i64> {
    let body = json!({ "platform": PLATFORM, "username": "northlight", "token": true }).to_string();
    let request = load::request("POST", "/_sandbox/accounts", "none", &body);
    let answer = load::ask(sandbox.address, &request).await?;
    ensure!((200..300).contains(&answer.status), "the sandbox made no account: {}", answer.status);
    let made: Value = serde_json::from_slice(&answer.body)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let moment = |value: &Value| value.as_str().and_then(|text| domain::Timestamp::parse(text).ok());
    let tokens = &made["credentials"];
    let identity = Identity {
        platform_user_id: text(&made["platform_user_id"]).context("the account has no id")?,
        username: text(&made["username"]),
        display_name: text(&made["display_name"]).unwrap_or_default(),
        avatar_url: None,
        premium: false,
        service_url: None,
    };
    let credentials = Credentials {
        access_token: text(&tokens["access_token"]).context("the account has no token")?,
        refresh_token: text(&tokens["refresh_token"]),
        access_expires_at: moment(&tokens["expires_at"]),
        refresh_expires_at: moment(&tokens["refresh_expires_at"]),
        scopes: serde_json::from_value(tokens["scopes"].clone())?,
        secret: None,
        renews_itself: false,
    };
    let store = Store::open_sqlite(&seeded.database(), keyring(), &StoreConfig::default()).await?;
    let app = open(store, &seeded.folder)?;
    let platform = PlatformName::from_static(PLATFORM);
    let (organization, workspace) = (seeded.organization, seeded.workspace);
    let connected =
        setup::connect_account(&app, organization, workspace, &platform, identity, &credentials).await?;
    app.store.close().await;
    Ok(connected.0.0)
}

/// Uploads the video in three steps; gives its id.
async fn upload(server: &Running, seeded: &Seeded, video_bytes: u64) -> Result<String> {
    let file = json!({ "filename": "film.mp4", "content_type": "video/mp4", "size": video_bytes });
    let begun = ask(server, seeded, "POST", "/v1/media/upload", &file.to_string()).await?;
    let id = begun["media_id"].as_str().context("the upload has no id")?.to_owned();
    let url: url::Url = begun["upload_url"].as_str().context("the upload has no address")?.parse()?;
    let mut stream = TcpStream::connect(server.address).await?;
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: {}\r\nContent-Type: video/mp4\r\nContent-Length: {video_bytes}\r\nConnection: close\r\n\r\n",
        url.path(),
        server.address
    );
    stream.write_all(head.as_bytes()).await?;
    // The film, and a box of free space behind it that is as long as it has to be.
    stream.write_all(FILM).await?;
    let mut left = video_bytes - FILM.len() as u64;
    let mut padding = Vec::from(1_u32.to_be_bytes());
    padding.extend_from_slice(b"free");
    padding.extend_from_slice(&left.to_be_bytes());
    stream.write_all(&padding).await?;
    left -= padding.len() as u64;
    let zeros = vec![0; PIECE_BYTES];
    while left > 0 {
        let piece = PIECE_BYTES.min(usize::try_from(left).unwrap_or(PIECE_BYTES));
        stream.write_all(&zeros[..piece]).await?;
        left -= piece as u64;
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let line = String::from_utf8_lossy(&answer);
    ensure!(line.starts_with("HTTP/1.1 200"), "the upload was not taken: {line}");
    let completed = ask(server, seeded, "POST", &format!("/v1/media/{id}/complete"), "{}").await?;
    ensure!(completed["status"] == "ready", "the upload is not ready: {completed}");
    Ok(id)
}

/// Publishes it, and waits until it is.
async fn publish(server: &Running, seeded: &Seeded, account: i64, media: &str) -> Result<()> {
    let post = json!({
        "content": "A film.",
        "account_ids": [account],
        "media_ids": [media],
        "platform_content": { PLATFORM: { "settings": { "title": "A film" } } },
    });
    let made = ask(server, seeded, "POST", "/v1/posts", &post.to_string()).await?;
    let path = format!("/v1/posts/{}", made["post_id"].as_str().context("the post has no id")?);
    let since = now();
    while since.elapsed() < PUBLISHED_IN {
        let post = ask(server, seeded, "GET", &path, "").await?;
        match post["status"].as_str().unwrap_or_default() {
            "published" => return Ok(()),
            "failed" | "partial" => bail!("the post failed: {post}"),
            _ => std::thread::sleep(LOOKED_EVERY),
        }
    }
    bail!("the video was not published within {PUBLISHED_IN:?}")
}

/// One call; gives `data`.
async fn ask(server: &Running, seeded: &Seeded, method: &str, path: &str, body: &str) -> Result<Value> {
    let answer = load::ask(server.address, &load::request(method, path, &seeded.key, body)).await?;
    let shown = String::from_utf8_lossy(&answer.body);
    ensure!((200..300).contains(&answer.status), "{method} {path} answers {}: {shown}", answer.status);
    let body: Value = serde_json::from_slice(&answer.body)?;
    Ok(body["data"].clone())
}
