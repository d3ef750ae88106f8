//! Checks of the repository itself: `cargo xtask check`.

#![expect(clippy::print_stdout, reason = "what a check finds is its output")]

mod bench;
mod chaos;
mod content;
mod emulators;
mod figures;
mod install;
mod layers;
mod licences;
mod platforms;
mod s3;
mod test;
mod wordpress;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => [layers::check, licences::check, platforms::check, figures::check]
            .into_iter()
            .try_for_each(|check| check()),
        ["check", "layers"] => layers::check(),
        ["check", "licences"] => licences::check(),
        ["check", "platforms"] => platforms::check(),
        ["check", "figures"] => figures::check(),
        ["test"] => test::run(),
        ["test", "tools"] => test::tools(),
        ["test", "suites"] => test::suites(),
        ["test", "programs"] => test::programs(),
        ["emulators"] => emulators::build_and_run(),
        ["s3"] => s3::build_and_run(),
        ["wordpress"] => wordpress::install(),
        ["bench", words @ ..] => bench::run(words),
        ["chaos", words @ ..] => chaos::run(words),
        ["content"] => content::run(),
        _ => Err(anyhow::anyhow!(
            "use: cargo xtask check [layers | licences | platforms | figures], cargo xtask test [tools | suites | programs], cargo \
             xtask emulators, cargo xtask s3, cargo xtask wordpress, cargo xtask content, cargo xtask bench \
             [--help], or cargo xtask chaos [--smoke] [--store …]"
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
