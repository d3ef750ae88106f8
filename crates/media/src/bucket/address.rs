//! Where a bucket is: what an address such as `s3://media/fanfare?region=eu-central-1` says.

use url::Url;

use crate::MediaError;

/// Whoever names no region means this one; servers of one's own seldom care.
const USUAL_REGION: &str = "us-east-1";
const SETTINGS: [&str; 5] = ["region", "endpoint", "public_endpoint", "style", "uploads"];

/// A bucket for media files and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketConfig {
    /// The bucket's name.
    pub bucket: String,
    /// What all keys begin with; empty, or without a slash at either end.
    pub prefix: String,
    /// The region. `None` leaves it to the environment.
    pub region: Option<String>,
    /// The server, where it is not Amazon's. `None` leaves it to the environment.
    pub endpoint: Option<String>,
    /// The server as callers reach it, where that is another address.
    pub public_endpoint: Option<String>,
    /// Whether the bucket's name is part of the host instead of the path; `None` for what the server
    /// usually wants.
    pub virtual_hosted: Option<bool>,
    /// Whether callers send their files straight to the bucket.
    pub direct_uploads: bool,
    /// The key to sign with. `None` leaves it to the environment, and to the machine's role.
    pub key: Option<BucketKey>,
}

/// An access key.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketKey {
    /// Its public half.
    pub id: String,
    /// Its secret half.
    pub secret: String,
    /// What goes along with a key that ends by itself.
    pub session: Option<String>,
}

impl std::fmt::Debug for BucketKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl BucketConfig {
    /// Reads an address.
    ///
    /// # Errors
    /// [`MediaError::BadAddress`], which says what is wrong with it.
    pub fn parse(address: &str) -> Result<Self, MediaError> {
        let bad = |reason: String| MediaError::BadAddress { reason };
        let url = Url::parse(address).map_err(|error| bad(error.to_string()))?;
        if url.scheme() != "s3" {
            return Err(bad("it must begin with s3://".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                bad("credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()),
            );
        }
        let bucket = url.host_str().filter(|name| !name.is_empty());
        let bucket = bucket.ok_or_else(|| bad("it names no bucket".to_owned()))?;
        let prefix = url.path().trim_matches('/').to_owned();
        if prefix.contains("//") || !prefix.bytes().all(is_plain) {
            return Err(bad("the path may have letters, digits and -_./ only".to_owned()));
        }
        let mut config = Self::new(bucket, &prefix);
        for (name, value) in url.query_pairs() {
            config.set(&name, &value).map_err(bad)?;
        }
        Ok(config)
    }

    /// A bucket of which everything else is as usual.
    pub fn new(bucket: &str, prefix: &str) -> Self {
        Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            region: None,
            endpoint: None,
            public_endpoint: None,
            virtual_hosted: None,
            direct_uploads: true,
            key: None,
        }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match (name, value) {
            ("region", value) if !value.is_empty() => self.region = Some(value.to_owned()),
            ("endpoint", value) => self.endpoint = Some(endpoint(name, value)?),
            ("public_endpoint", value) => self.public_endpoint = Some(endpoint(name, value)?),
            ("style", "path") => self.virtual_hosted = Some(false),
            ("style", "virtual") => self.virtual_hosted = Some(true),
            ("style", _) => return Err("style is path or virtual".to_owned()),
            ("uploads", "direct") => self.direct_uploads = true,
            ("uploads", "server") => self.direct_uploads = false,
            ("uploads", _) => return Err("uploads is direct or server".to_owned()),
            _ => return Err(format!("\"{name}\" is no setting; there are {}", SETTINGS.join(", "))),
        }
        Ok(())
    }

    /// Takes what is not said from `variable`, which looks a variable of the environment up, by the
    /// names that all programs for S3 know.
    #[must_use]
    pub fn with_environment(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let first =
            |names: &[&str]| names.iter().find_map(|name| variable(name).filter(|text| !text.is_empty()));
        self.region = self.region.or_else(|| first(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
        self.endpoint = self.endpoint.or_else(|| first(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]));
        let key = first(&["AWS_ACCESS_KEY_ID"]).zip(first(&["AWS_SECRET_ACCESS_KEY"]));
        let session = first(&["AWS_SESSION_TOKEN"]);
        self.key = self.key.or_else(|| key.map(|(id, secret)| BucketKey { id, secret, session }));
        self
    }

    pub(crate) fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(USUAL_REGION)
    }

    /// Amazon's own servers want the name in the host, all others in the path. A name with a dot has
    /// no certificate as a host.
    pub(crate) fn is_virtual_hosted(&self) -> bool {
        self.virtual_hosted.unwrap_or(self.endpoint.is_none() && !self.bucket.contains('.'))
    }

    /// Where requests about the bucket go, without a slash at the end; for callers where they reach
    /// it by another address.
    pub(crate) fn base(&self, for_callers: bool) -> String {
        let public = self.public_endpoint.as_ref().filter(|_| for_callers);
        let endpoint = match public.or(self.endpoint.as_ref()) {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => format!("https://s3.{}.amazonaws.com", self.region()),
        };
        match endpoint.split_once("://") {
            Some((scheme, host)) if self.is_virtual_hosted() => format!("{scheme}://{}.{host}", self.bucket),
            _ => format!("{endpoint}/{}", self.bucket),
        }
    }

    /// A key below the prefix.
    pub(crate) fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }
}

/// What needs no escapes in an address.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/')
}

fn endpoint(name: &str, value: &str) -> Result<String, String> {
    let url = Url::parse(value).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url {
        Some(url) if url.path() == "/" && url.query().is_none() => {
            Ok(url.as_str().trim_end_matches('/').to_owned())
        }
        _ => Err(format!("{name} is an address such as http://127.0.0.1:9000")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(address: &str) -> String {
        BucketConfig::parse(address).unwrap_err().to_string()
    }

    #[test]
    fn an_address_says_where_the_bucket_is() {
        let plain = BucketConfig::parse("s3://media").unwrap();
        assert_eq!(plain, BucketConfig::new("media", ""));
        assert_eq!(plain.base(false), "https://media.s3.us-east-1.amazonaws.com");
        assert_eq!(plain.key("files/a"), "files/a");
        let dotted = BucketConfig::parse("s3://a.example?region=eu-west-1").unwrap();
        assert_eq!(dotted.base(true), "https://s3.eu-west-1.amazonaws.com/a.example");
        let own = "s3://media/fanfare/x/?endpoint=http://minio:9000/&public_endpoint=https://files.example.org&uploads=server";
        let own = BucketConfig::parse(own).unwrap();
        assert_eq!((own.base(false).as_str(), own.direct_uploads), ("http://minio:9000/media", false));
        assert_eq!(own.base(true), "https://files.example.org/media");
        assert_eq!(own.key("files/a"), "fanfare/x/files/a");
        let hosted =
            BucketConfig::parse("s3://media?endpoint=https://example.org:8443&style=virtual").unwrap();
        assert_eq!(hosted.base(false), "https://media.example.org:8443");
    }

    #[test]
    fn what_the_address_leaves_open_comes_from_the_environment() {
        let variable = |name: &str| match name {
            "AWS_REGION" => Some(String::new()),
            "AWS_DEFAULT_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:9000".to_owned()),
            "AWS_ACCESS_KEY_ID" => Some("id".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("hidden".to_owned()),
            _ => None,
        };
        let filled = BucketConfig::parse("s3://media").unwrap().with_environment(variable);
        assert_eq!(
            (filled.region(), filled.base(false).as_str()),
            ("eu-central-1", "http://127.0.0.1:9000/media")
        );
        let key = BucketKey { id: "id".to_owned(), secret: "hidden".to_owned(), session: None };
        assert_eq!(filled.key, Some(key));
        assert!(!format!("{filled:?}").contains("hidden"));
        let said =
            BucketConfig::parse("s3://media?region=x&endpoint=http://a").unwrap().with_environment(variable);
        assert_eq!((said.region(), said.endpoint.as_deref()), ("x", Some("http://a")));
    }

    #[test]
    fn an_address_that_is_wrong_is_told_from_what_was_meant() {
        for (address, part) in [
            ("media", "relative URL without a base"),
            ("https://media", "must begin with s3://"),
            ("s3:///x", "names no bucket"),
            ("s3://id:secret@media", "AWS_ACCESS_KEY_ID"),
            ("s3://media/a%20b", "letters, digits"),
            ("s3://media?regoin=x", "\"regoin\" is no setting; there are region"),
            ("s3://media?region=", "\"region\" is no setting"),
            ("s3://media?endpoint=minio:9000", "endpoint is an address"),
            ("s3://media?endpoint=http://a/b", "endpoint is an address"),
            ("s3://media?style=x", "style is path or virtual"),
            ("s3://media?uploads=x", "uploads is direct or server"),
        ] {
            assert!(refusal(address).contains(part), "{address}: {}", refusal(address));
        }
    }
}
