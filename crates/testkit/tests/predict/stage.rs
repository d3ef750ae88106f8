//! An emulated platform with an account on it, and its connector, which is driven past our own rules:
//! whatever the content is, it is sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use connector::suite::{Bench, Connected, post};
use connector::{AccountRef, AppCredentials, Connector, Failure, Hosts, MediaItem, MediaKind, Publication};
use domain::rules::fit::{Frame, Plan, Recipe};
use domain::{AccountId, Class, Settings, Span};
use fanfare_testkit::{CreateAccount, START, Sandbox, opened, start_sandbox};
use media::{MediaFiles, Original, Tools};
use net::{FrozenClock, Sent};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::cases::Case;
use crate::films::Film;
use crate::library::File;

/// So many posts an account makes before a fresh one takes over: platforms count them.
const POSTS_PER_ACCOUNT: usize = 8;

/// What became of a post that was sent whatever our rules say of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It is public; with the connector's remarks.
    Taken(Vec<String>),
    /// The platform refused it.
    Refused(String),
    /// The connector did not send it.
    Unsent(String),
    /// Something else went wrong, which is no matter of rules.
    Broken(String),
}

type Served = Arc<Mutex<HashMap<String, Bytes>>>;

/// The bytes of a file, its type and its size.
type Content = (Bytes, String, Option<(u32, u32)>);

/// Copies that were made, by their original and recipe.
#[derive(Default)]
pub(crate) struct Copies(Mutex<HashMap<String, Content>>);

/// One platform.
pub(crate) struct Stage {
    platform: &'static str,
    connector: Arc<dyn Connector>,
    sandbox: Sandbox,
    base: String,
    bench: Option<Bench>,
    is_premium: bool,
    posted: usize,
    site: String,
    served: Served,
}

impl Stage {
    pub(crate) async fn set(connector: Arc<dyn Connector>) -> Self {
        let clock = Arc::new(FrozenClock::new(START));
        let (sandbox, base, _) = start_sandbox(&clock).await;
        let served = Served::default();
        let site = serve(Arc::clone(&served)).await;
        Self {
            platform: connector.spec().name.as_str(),
            connector,
            sandbox,
            base,
            bench: None,
            is_premium: false,
            posted: 0,
            site,
            served,
        }
    }

    /// Sends the post, with copies of the media where one would be made.
    pub(crate) async fn publish(
        &mut self,
        case: &Case,
        verdict: &[String],
        library: &[File],
        files: &MediaFiles,
        copies: &Copies,
    ) -> Fate {
        self.change_accounts(case.premium);
        let settings = Settings(case.settings.clone());
        let mut items = Vec::new();
        for at in &case.media {
            let file = &library[*at];
            // Where the size is what is refused, the file itself has to show that.
            let is_refused = verdict.iter().any(|code| code == "media_dimensions");
            let (bytes, content_type, size) = if is_refused {
                itself(file)
            } else {
                fitted(file, self.connector.spec(), case, &settings, files, copies).await
            };
            items.push(self.item(&library[*at], bytes, &content_type, size));
        }
        let alt = settings.text("altText").or_else(|| settings.text("mediaAltText"));
        for item in &mut items {
            item.alt_text = alt.map(str::to_owned);
        }
        let to = Publication {
            thread: case.thread.clone(),
            media: items,
            content_type: case.content_type.map(str::to_owned),
            settings,
            ..post(&case.text)
        };
        let Some(bench) = &mut self.bench else { return Fate::Broken("there is no account".to_owned()) };
        bench.pass(Span::from_minutes(20));
        let published = bench.publish(&to).await;
        bench.clear();
        self.served.lock().unwrap().clear();
        self.sandbox.forget_posts().unwrap();
        match published {
            // A first comment that the platform refused is only said beside the post.
            Ok(receipt) => match receipt.warnings.iter().find(|said| said.contains("may not have been")) {
                Some(said) => Fate::Refused(said.clone()),
                None => Fate::Taken(receipt.warnings),
            },
            Err(failure) => judged(&failure),
        }
    }

    fn change_accounts(&mut self, premium: bool) {
        self.posted += 1;
        let is_used_up = self.posted > POSTS_PER_ACCOUNT || self.is_premium != premium;
        if self.bench.is_some() && !is_used_up {
            return;
        }
        let wanted = CreateAccount { token: true, premium, ..CreateAccount::default() };
        let made = self.sandbox.create_account(self.platform, &wanted).unwrap();
        let app =
            AppCredentials { client_id: made.client_id.clone(), client_secret: made.client_secret.clone() };
        let (identity, credentials) = opened(made);
        let account = AccountRef {
            id: AccountId(1),
            platform_user_id: identity.platform_user_id,
            username: identity.username,
            display_name: identity.display_name,
            premium,
            service_url: identity.service_url,
        };
        let hosts = Hosts::sandbox(self.connector.spec(), &self.base);
        let connected = Connected { hosts, account, credentials, app };
        (self.posted, self.is_premium) = (1, premium);
        if let Some(bench) = &mut self.bench {
            bench.connected = connected;
            return;
        }
        let moved = self.sandbox.clone();
        let mut bench = Bench::of(Arc::clone(&self.connector), connected, self.sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        bench.serve_media_at(&self.site);
        self.bench = Some(bench);
    }

    fn item(&mut self, file: &File, bytes: Bytes, content_type: &str, size: Option<(u32, u32)>) -> MediaItem {
        let kind = match file.kind.as_str() {
            "video" => MediaKind::Video,
            "document" => MediaKind::Document,
            _ => MediaKind::Image,
        };
        let item = self.bench.as_mut().unwrap().image(bytes.clone(), content_type, None);
        self.served.lock().unwrap().insert(format!("/{}", item.id.0), bytes);
        MediaItem {
            kind,
            filename: file.name.clone(),
            width: size.map(|(width, _)| width),
            height: size.map(|(_, height)| height),
            seconds: file.probe.seconds,
            ..item
        }
    }
}

fn judged(failure: &Failure) -> Fate {
    let text = format!("{} [{:?}]", failure.public, failure.internal);
    let is_about_content =
        matches!(failure.class, Class::ContentRejected | Class::MediaFailed | Class::Duplicate { .. });
    // What the platform found while it processed a file is asked for, and no answer to the post itself.
    let was_processed =
        ["refused a media file", "could not process"].iter().any(|words| failure.public.contains(words));
    match failure.sent {
        Sent::No if was_processed => Fate::Refused(text),
        Sent::No if is_about_content => Fate::Unsent(text),
        Sent::Answered | Sent::Maybe if is_about_content => Fate::Refused(text),
        _ => Fate::Broken(format!("{:?}: {text}", failure.class)),
    }
}

fn itself(file: &File) -> Content {
    (file.bytes.clone(), file.content_type.clone(), file.probe.width.zip(file.probe.height))
}

/// The bytes that would go out: the file itself, or a copy that the platform takes.
async fn fitted(
    file: &File,
    spec: &connector::PlatformSpec,
    case: &Case,
    settings: &Settings,
    files: &MediaFiles,
    copies: &Copies,
) -> Content {
    let plan = file.known().plan(&spec.rules, case.content_type, Frame::of(settings));
    let Plan::Convert { recipe, .. } = plan else { return itself(file) };
    let key = format!("{} {}", file.sha256, recipe.key());
    if let Some(made) = copies.0.lock().unwrap().get(&key) {
        return made.clone();
    }
    let made = match &recipe {
        // What ffmpeg would make, as far as platforms look.
        Recipe::Video(recipe) => {
            let canvas = recipe.layout.canvas;
            let copy = Film {
                width: u16::try_from(canvas.width).unwrap(),
                height: u16::try_from(canvas.height).unwrap(),
                fps: recipe.fps.unwrap_or(30),
                millis: millis(file.probe.seconds),
                sound: recipe.sound_bitrate.is_some(),
                ..Film::USUAL
            };
            (copy.bytes().into(), "video/mp4".to_owned(), Some((canvas.width, canvas.height)))
        }
        Recipe::Image(_) | Recipe::Film(_) | Recipe::WithoutLocation => {
            let original = Original {
                sha256: &file.sha256,
                content_type: &file.content_type,
                size: file.size(),
                orientation: file.probe.details.orientation,
            };
            let made = files.fit(&Tools::none(), &original, &recipe).await.unwrap();
            let bytes = files.read(&made.stored.sha256, 0, made.stored.size_bytes).await.unwrap();
            (bytes, made.content_type, made.size.map(|size| (size.width, size.height)))
        }
    };
    copies.0.lock().unwrap().insert(key, made.clone());
    made
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the length of a film")]
fn millis(seconds: Option<f64>) -> u32 {
    (seconds.unwrap_or(1.0) * 1_000.0).round() as u32
}

/// Serves files under their paths, as the server's public address would. Answers its address.
async fn serve(files: Served) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let text = String::from_utf8_lossy(&asked).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let file = files.lock().unwrap().get(path).cloned();
            let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
            let file = file.unwrap_or_default();
            let length = file.len();
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&file).await;
        }
    });
    format!("http://{address}")
}
