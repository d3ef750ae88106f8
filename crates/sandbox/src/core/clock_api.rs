//! `/_sandbox/clock`: what a test, a person or a following server does with the time.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use domain::Span;
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{Control, moment_of, read};
use super::duration;
use super::error::SandboxError;
use super::steering::{ClockOrder, ClockView, Target};

type App = State<Arc<Control>>;
type Answer = Result<Json<Value>, SandboxError>;

/// An order as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    advance: Option<String>,
    advance_ms: Option<i64>,
    set: Option<String>,
    freeze: Option<bool>,
}

impl ClockMove {
    fn order(self) -> Result<ClockOrder, SandboxError> {
        let mut targets = Vec::new();
        if let Some(text) = &self.advance {
            targets.push(Target::By(duration::parse(text)?));
        }
        if let Some(millis) = self.advance_ms {
            targets.push(Target::By(Span::from_millis(millis)));
        }
        if let Some(text) = &self.set {
            targets.push(Target::At(moment_of(text)?));
        }
        if targets.len() > 1 {
            return Err(SandboxError::invalid("give one of advance, advance_ms and set"));
        }
        let order = ClockOrder { to: targets.pop(), freeze: self.freeze };
        if order.to.is_none() && order.freeze.is_none() {
            return Err(SandboxError::invalid("give advance, advance_ms, set or freeze"));
        }
        Ok(order)
    }
}

pub(crate) async fn show_clock(State(app): App) -> Json<Value> {
    let frozen = app.world.clock.steering().is_some_and(|steering| steering.view().frozen);
    Json(json!({"now": app.world.now().to_iso_millis(), "frozen": frozen}))
}

pub(crate) async fn move_clock(State(app): App, body: Bytes) -> Answer {
    let order = read::<ClockMove>(&body)?.order()?;
    let view = match app.world.clock.steering() {
        Some(steering) => steering.steer(order).await.map_err(SandboxError::Invalid)?,
        None => move_own(&app, order)?,
    };
    Ok(Json(json!({
        "now": view.now.to_iso_millis(),
        "frozen": view.frozen,
        "moved_ms": view.moved.as_millis(),
        "stops": view.stops,
    })))
}

/// Moves the emulators' own offset, which nobody else shares: a jump.
fn move_own(app: &Control, order: ClockOrder) -> Result<ClockView, SandboxError> {
    if order.freeze == Some(true) {
        return Err(SandboxError::invalid("this sandbox's clock cannot be stopped"));
    }
    let clock = &app.world.clock;
    let before = clock.now();
    match order.to {
        Some(Target::At(moment)) => clock.set(moment)?,
        Some(Target::By(span)) => clock.advance(span)?,
        None => {}
    }
    let now = clock.now();
    Ok(ClockView { now, frozen: false, moved: now.since(before), stops: 0 })
}

pub(crate) async fn follow_clock(State(app): App, Path(follower): Path<String>, body: Bytes) -> Answer {
    let report: Value = read(&body)?;
    let Some(steering) = app.world.clock.steering() else {
        return Err(SandboxError::invalid("this sandbox's clock cannot be followed"));
    };
    steering.follow(follower, report).await.map(Json).map_err(SandboxError::Invalid)
}
