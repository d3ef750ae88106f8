//! Runs many seeds, or one again: `simulation --seeds 100000 [--from N]`, `simulation --seed N
//! [--trace]`, either with `--bug no-intent|no-fencing|no-reconcile`; `--twice` runs each of many
//! seeds twice and compares.

#![expect(clippy::print_stdout, reason = "what was found is the output")]

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use fanfare_simulation::{Options, PlantedBug, Workplace, run, search};

/// What was asked for.
#[derive(Default)]
struct Asked {
    seed: Option<u64>,
    seeds: u64,
    from: u64,
    trace: bool,
    twice: bool,
    bug: Option<PlantedBug>,
}

fn main() -> Result<ExitCode> {
    let asked = read(std::env::args().skip(1))?;
    let failed = match asked.seed {
        Some(seed) => replay(seed, &asked)?,
        None if asked.twice => compare_all(&asked)?,
        None => search_all(&asked)?,
    };
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Asked> {
    let mut asked = Asked { seeds: 1_000, ..Asked::default() };
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64> {
            Ok(words.next().with_context(|| format!("{word} needs a number"))?.parse()?)
        };
        match word.as_str() {
            "--seed" => asked.seed = Some(number()?),
            "--seeds" => asked.seeds = number()?,
            "--from" => asked.from = number()?,
            "--trace" => asked.trace = true,
            "--twice" => asked.twice = true,
            "--bug" => asked.bug = Some(bug(&words.next().unwrap_or_default())?),
            other => bail!("{other} is none of --seed, --seeds, --from, --trace, --twice, --bug"),
        }
    }
    Ok(asked)
}

fn bug(name: &str) -> Result<PlantedBug> {
    Ok(match name {
        "no-intent" => PlantedBug::NoIntent,
        "no-fencing" => PlantedBug::NoFencing,
        "no-reconcile" => PlantedBug::NoReconcile,
        other => bail!("{other} is none of no-intent, no-fencing, no-reconcile"),
    })
}

fn replay(seed: u64, asked: &Asked) -> Result<bool> {
    let report = run(&Workplace::new()?, Options { seed, bug: asked.bug })?;
    if asked.trace {
        for line in &report.trace {
            println!("{line}");
        }
    }
    match &report.violation {
        Some(violation) => println!("seed {seed}: {violation}"),
        None => println!("{report}"),
    }
    Ok(report.violation.is_some())
}

fn search_all(asked: &Asked) -> Result<bool> {
    let found = search(asked.from..asked.from + asked.seeds, asked.bug)?;
    println!("{} seeds from {}, {} parts of posts published", found.runs, asked.from, found.published);
    if let Some(report) = &found.failed {
        println!("{report}");
    }
    Ok(found.failed.is_some())
}

fn compare_all(asked: &Asked) -> Result<bool> {
    let workplace = Workplace::new()?;
    for seed in asked.from..asked.from + asked.seeds {
        let options = Options { seed, bug: asked.bug };
        if run(&workplace, options)? != run(&workplace, options)? {
            println!("seed {seed} is not the same run twice");
            return Ok(true);
        }
    }
    println!("{} seeds from {} are the same run twice", asked.seeds, asked.from);
    Ok(false)
}
