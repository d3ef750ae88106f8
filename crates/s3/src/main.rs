//! The S3 server as a program, for scripts and measurements: `fanfare-s3 --folder FOLDER`. Its first
//! line of output says where it is and with which key it is signed for.

#![expect(clippy::print_stdout, reason = "where it is, is its output")]

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use fanfare_s3::{S3Config, S3Server};

#[derive(Parser)]
struct Arguments {
    /// Where the bytes lie.
    #[arg(long)]
    folder: PathBuf,
    /// The port; 0 for any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let config = S3Config::new(arguments.folder);
    let (id, secret) = config.keys[0].clone();
    let (bucket, region) = (config.buckets[0].clone(), config.region.clone());
    let server = S3Server::start(config, SocketAddr::from(([127, 0, 0, 1], arguments.port))).await?;
    let ready = serde_json::json!({
        "endpoint": server.endpoint(),
        "bucket": bucket,
        "region": region,
        "access_key_id": id,
        "secret_access_key": secret,
    });
    println!("{ready}");
    std::future::pending::<()>().await;
    Ok(())
}
