//! Pages for people: the feeds of what was published, and a post by itself.

use std::fmt::Write;

use domain::Timestamp;
use serde_json::Value;

use super::ledger::{PublicMedia, PublicPost};

const STYLE: &str = "
:root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#17191c;--dim:#667080;--line:#e2e5ea;--accent:#2f6fed}
@media(prefers-color-scheme:dark){:root{--ground:#101215;--card:#191c21;--ink:#e9ebee;--dim:#98a2b0;--line:#2a2f37;--accent:#7ba6ff}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header{padding:28px 24px 8px;max-width:1500px;margin:auto}h1{margin:0;font-size:22px;letter-spacing:-.01em}
header p{margin:4px 0 0;color:var(--dim)}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:20px;padding:16px 24px 48px;max-width:1500px;margin:auto;align-items:start}
section>h2{font-size:13px;text-transform:uppercase;letter-spacing:.08em;margin:0 0 10px;display:flex;gap:8px;align-items:center}
section>h2 span{color:var(--dim);font-weight:400}
article{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:14px 16px;margin:0 0 12px}
article header{padding:0;display:flex;justify-content:space-between;gap:8px}
article header b{overflow-wrap:anywhere}article time{color:var(--dim);font-size:13px;white-space:nowrap}
article p{margin:6px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
article a{color:var(--accent);text-decoration:none}article a:hover{text-decoration:underline}
.reply{color:var(--dim);font-size:13px;margin-top:2px}
.media{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:6px;margin-top:10px}
.media img,.media video{width:100%;max-height:280px;object-fit:cover;border-radius:10px;border:1px solid var(--line);display:block}
.card{display:block;border:1px solid var(--line);border-radius:10px;padding:10px 12px;margin-top:10px}
.card small{color:var(--dim);display:block}
footer{margin-top:8px;font-size:13px}.none{color:var(--dim);border:1px dashed var(--line);border-radius:14px;padding:18px;text-align:center}
.one{display:block;max-width:620px}";

const REFRESH: &str = "
setInterval(async()=>{try{const r=await fetch(location.href);const t=await r.text();
const d=new DOMParser().parseFromString(t,'text/html');const a=d.querySelector('main'),b=document.querySelector('main');
if(a.innerHTML!==b.innerHTML)b.replaceWith(a)}catch(e){}},2000)";

/// `text` as HTML text or attribute value.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The feeds of all platforms, newest post first. Those with posts come first.
pub(crate) fn feeds(platforms: &[&str], posts: &[PublicPost], now: Timestamp) -> String {
    let mut sections: Vec<(usize, String)> = platforms
        .iter()
        .map(|platform| {
            let of_platform: Vec<&PublicPost> =
                posts.iter().rev().filter(|post| post.platform == *platform).collect();
            (of_platform.len(), section(platform, &of_platform))
        })
        .collect();
    sections.sort_by_key(|(count, _)| *count == 0);
    let sections: String = sections.into_iter().map(|(_, html)| html).collect();
    let count = posts.len();
    let noun = if count == 1 { "post" } else { "posts" };
    let time = escape(&now.to_iso_millis());
    document(
        "Fanfare sandbox",
        &format!(
            "<header><h1>Fanfare sandbox</h1><p>{count} {noun} went out. Nothing here left this machine. \
             Emulated time when opened: <time>{time}</time></p></header><main>{sections}</main>\
             <script>{REFRESH}</script>"
        ),
    )
}

/// One post as a page of its own.
pub(crate) fn permalink(post: &PublicPost) -> String {
    let title = format!("{} on {}", post.account, name_of(&post.platform));
    let body = article(post);
    document(
        &title,
        &format!(
            "<main class=\"one\"><section><h2>{}</h2>{body}</section></main>",
            escape(name_of(&post.platform))
        ),
    )
}

/// The page of a post that is not there.
pub(crate) fn missing() -> String {
    document("Not found", "<main class=\"one\"><p class=\"none\">This post does not exist.</p></main>")
}

/// A document of its own, with the sandbox's look. `body` is HTML.
pub(crate) fn document(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head>\
         <body>{body}</body></html>"
    )
}

fn section(platform: &str, posts: &[&PublicPost]) -> String {
    let name = escape(name_of(platform));
    // A page of thousands of posts helps nobody.
    let articles: String = posts.iter().take(100).map(|post| article(post)).collect();
    let articles =
        if posts.is_empty() { "<p class=\"none\">Nothing published yet</p>".to_owned() } else { articles };
    format!("<section><h2>{name} <span>{}</span></h2>{articles}</section>", posts.len())
}

fn article(post: &PublicPost) -> String {
    let mut html = format!(
        "<article><header><b>{}</b><time>{}</time></header>",
        escape(&post.account),
        escape(post.created_at.get(..19).unwrap_or(&post.created_at).replace('T', " ").as_str()),
    );
    if let Some(parent) = &post.reply_to {
        let _ = write!(html, "<div class=\"reply\">in reply to {}</div>", escape(parent));
    }
    if !post.text.is_empty() {
        let _ = write!(html, "<p>{}</p>", escape(&post.text));
    }
    if !post.media.is_empty() {
        let media: String = post.media.iter().map(picture).collect();
        let _ = write!(html, "<div class=\"media\">{media}</div>");
    }
    html.push_str(&card(&post.extra));
    let _ = write!(html, "<footer><a href=\"/{}\">Open post</a></footer></article>", escape(&post.page));
    html
}

fn picture(media: &PublicMedia) -> String {
    let source = format!("/_sandbox/blobs/{}", escape(&media.sha256));
    let alt = escape(media.alt.as_deref().unwrap_or_default());
    if media.media_type.starts_with("video/") {
        format!("<video src=\"{source}\" aria-label=\"{alt}\" controls preload=\"metadata\"></video>")
    } else if media.media_type.starts_with("image/") {
        format!("<img src=\"{source}\" alt=\"{alt}\" title=\"{alt}\" loading=\"lazy\">")
    } else {
        format!("<a class=\"card\" href=\"{source}\">{}</a>", escape(&media.media_type))
    }
}

/// A link card, when `extra` has one: `card` (or `article`) with `url` (or `source`), `title`
/// and `description`.
fn card(extra: &Value) -> String {
    let Some(card) = extra.get("card").or_else(|| extra.get("article")) else { return String::new() };
    let text = |names: [&str; 2]| {
        names.iter().find_map(|name| card.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let url = text(["url", "source"]);
    let title = escape(&text(["title", "name"]));
    let description = escape(&text(["description", "text"]));
    let inside = format!("<b>{title}</b><small>{description}</small><small>{}</small>", escape(&url));
    if url.starts_with("https://") || url.starts_with("http://") {
        format!("<a class=\"card\" href=\"{}\" rel=\"noreferrer\">{inside}</a>", escape(&url))
    } else {
        format!("<div class=\"card\">{inside}</div>")
    }
}

/// The name people know the platform by.
fn name_of(platform: &str) -> &str {
    match platform {
        "x" => "X",
        "linkedin" => "LinkedIn",
        "youtube" => "YouTube",
        "tiktok" => "TikTok",
        "wordpress" => "WordPress",
        "bluesky" => "Bluesky",
        "discord" => "Discord",
        "facebook" => "Facebook",
        "instagram" => "Instagram",
        "mastodon" => "Mastodon",
        "pinterest" => "Pinterest",
        "telegram" => "Telegram",
        "threads" => "Threads",
        other => other,
    }
}

/// The media type of stored bytes by their first ones; what is no picture, film or sound is opaque.
pub(crate) fn sniff(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [_, _, _, _, b'f', b't', b'y', b'p', b'q', b't', ..] => "video/quicktime",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "video/webm",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_never_markup() {
        let post = PublicPost {
            platform: "x".to_owned(),
            account: "<b>a</b>".to_owned(),
            account_id: "1".to_owned(),
            id: "1".to_owned(),
            url: String::new(),
            page: "x.com/\"><script>".to_owned(),
            text: "<script>alert('x')</script>".to_owned(),
            media: vec![],
            reply_to: Some("<i>".to_owned()),
            extra: serde_json::json!({"card": {"url": "javascript:alert(1)", "title": "<u>"}}),
            created_at: "2026-01-01T00:00:00.000Z".to_owned(),
            deleted_at: None,
        };
        let page = feeds(&["x"], &[post], Timestamp::from_millis(0));
        for bad in ["<b>a", "<script>alert", "<i>", "<u>", "href=\"javascript", "\"><script>alert"] {
            assert!(!page.contains(bad), "{bad}");
        }
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    }
}
