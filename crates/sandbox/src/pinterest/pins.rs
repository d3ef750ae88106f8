//! Pins: created, listed newest first, deleted. Two equal requests make two pins.

use http::StatusCode;
use serde_json::Value;

use super::PLATFORM;
use super::errors::{PinterestError, invalid, no_pin, not_permitted, sorry, trial};
use super::request::{Ask, paged};
use super::state::{Board, Media, Pin, Pinterest, User};
use super::validate::{color, digits, needed, text};
use crate::core::lock;
use crate::core::origin::Origin;

/// What creating a pin takes.
const TO_CREATE: [&str; 4] = ["boards:read", "boards:write", "pins:read", "pins:write"];

impl Pinterest {
    /// `POST /v5/pins`
    pub(super) async fn create_pin(&self, ask: &Ask, origin: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &TO_CREATE)?;
        if user.trial {
            return Err(trial());
        }
        let fields = ask.json()?;
        let board_id = needed(digits(&fields, "board_id")?, "board_id")?;
        let section = digits(&fields, "board_section_id")?;
        let trimmed = |name: &str, max: usize| {
            let text = text(&fields, name, max)?.map(|text| text.trim().to_owned());
            Ok::<_, PinterestError>(text.filter(|text| !text.is_empty()))
        };
        let (title, description) = (trimmed("title", 100)?, trimmed("description", 800)?);
        let (link, alt_text) = (trimmed("link", 2_048)?, trimmed("alt_text", 500)?);
        let dominant_color = color(&fields, "dominant_color")?;
        if link.as_ref().is_some_and(|link| !link.starts_with("http://") && !link.starts_with("https://")) {
            return Err(invalid("link is not a 'uri'"));
        }
        let board = self.own_board(ask, &board_id, &user.id)?;
        if section.as_ref().is_some_and(|id| !board.sections.iter().any(|section| section.id == *id)) {
            return Err(invalid("board_section_id: the board has no such section"));
        }
        let shown = self.read_source(&fields, &user.id).await?;
        let _one_at_a_time = lock(&self.gate);
        let now = self.world.now();
        let pin = Pin {
            id: self.new_id(),
            user: user.id,
            board: board_id,
            section,
            title,
            description,
            link,
            alt_text,
            dominant_color: dominant_color.or_else(|| Some("#6E7874".to_owned())),
            kind: shown.kind.to_owned(),
            files: shown.files,
            cover: shown.cover,
            created_at: now,
            deleted: false,
        };
        let mut batch = self.world.journal.batch();
        batch.put(&self.pins, &pin.id, &pin)?;
        batch.put(&self.boards, &board.id, &Board { pins_modified_at: now, ..board.clone() })?;
        if let Some(id) = shown.media_id {
            let film = self.media.get(&id).filter(|media| !media.used);
            let film = film.ok_or_else(|| sorry(StatusCode::INTERNAL_SERVER_ERROR))?;
            batch.put(&self.media, &id, &Media { used: true, ..film })?;
        }
        self.world.ledger.publish(&mut batch, &self.public_pin(&pin, origin))?;
        batch.commit()?;
        Ok(self.shown_pin(&pin, origin))
    }

    /// The pins of a list that the caller may see by now.
    fn listed(&self, ask: &Ask, user: &User, origin: &Origin, wanted: impl Fn(&Pin) -> bool) -> Vec<Value> {
        let now = self.world.now();
        let sees_secret = self.has_scope(ask, "pins:read_secret");
        let is_secret =
            |pin: &Pin| self.boards.get(&pin.board).is_some_and(|board| board.privacy == "SECRET");
        let found =
            self.find_pins(|pin| pin.user == user.id && pin.created_at + user.list_lag <= now && wanted(pin));
        found
            .iter()
            .filter(|pin| sees_secret || !is_secret(pin))
            .map(|pin| self.shown_pin(pin, origin))
            .collect()
    }

    /// `GET /v5/pins`
    pub(super) fn list_pins(&self, ask: &Ask, origin: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "pins:read"])?;
        Ok(paged(self.listed(ask, &user, origin, |_| true), ask.page()?))
    }

    /// `GET /v5/boards/{id}/pins`
    pub(super) fn pins_of_board(
        &self,
        ask: &Ask,
        id: &str,
        origin: &Origin,
    ) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "pins:read"])?;
        let board = self.own_board(ask, id, &user.id)?;
        Ok(paged(self.listed(ask, &user, origin, |pin| pin.board == board.id), ask.page()?))
    }

    /// The pin with this id, if it is the caller's.
    pub(super) fn own_pin(&self, id: &str, user: &User) -> Result<Pin, PinterestError> {
        let pin = self.pins.get(id).filter(|pin| !pin.deleted).ok_or_else(no_pin)?;
        if pin.user == user.id { Ok(pin) } else { Err(not_permitted()) }
    }

    /// `GET /v5/pins/{id}`
    pub(super) fn get_pin(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "pins:read"])?;
        let pin = self.own_pin(id, &user)?;
        let mut shown = self.shown_pin(&pin, origin);
        if ask.get("pin_metrics") == Some("true") {
            shown["pin_metrics"] = super::analytics::of_pin(&pin, self.world.now());
        }
        Ok(shown)
    }

    /// `DELETE /v5/pins/{id}`
    pub(super) fn delete_pin(&self, ask: &Ask, id: &str) -> Result<(), PinterestError> {
        let user = self.caller(ask, &TO_CREATE)?;
        let pin = self.own_pin(id, &user)?;
        let mut batch = self.world.journal.batch();
        batch.put(&self.pins, id, &Pin { deleted: true, ..pin })?;
        self.world.ledger.take_down(&mut batch, PLATFORM, id, self.world.now())?;
        batch.commit()?;
        Ok(())
    }
}
