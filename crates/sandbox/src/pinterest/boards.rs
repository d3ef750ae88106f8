//! Boards and their sections.

use serde_json::{Value, json};

use super::errors::{PinterestError, invalid, no_board, not_permitted};
use super::request::{Ask, paged};
use super::show::moment;
use super::state::{Board, Pinterest, Section, number_of};
use super::validate::{needed, text, word};
use crate::core::lock;
use crate::core::origin::Origin;

const PRIVACY: [&str; 3] = ["PUBLIC", "PROTECTED", "SECRET"];

impl Pinterest {
    /// The boards of an account, in the order in which they were made.
    pub(super) fn boards_of(&self, user: &str) -> Vec<Board> {
        let mut boards: Vec<Board> = self
            .boards
            .list()
            .into_iter()
            .map(|(_, board)| board)
            .filter(|board| board.user == user)
            .collect();
        boards.sort_by_key(|board| number_of(&board.id));
        boards
    }

    /// A board of the caller; those of others and secret ones are not for everybody.
    pub(super) fn own_board(&self, ask: &Ask, id: &str, user: &str) -> Result<Board, PinterestError> {
        let board = self.boards.get(id).ok_or_else(no_board)?;
        let is_seen = board.privacy != "SECRET" || self.has_scope(ask, "boards:read_secret");
        if board.user == user && is_seen { Ok(board) } else { Err(not_permitted()) }
    }

    fn shown_board(&self, board: &Board) -> Value {
        let owner = self.users.get(&board.user).map(|user| user.username).unwrap_or_default();
        json!({
            "id": board.id,
            "created_at": moment(board.created_at),
            "board_pins_modified_at": moment(board.pins_modified_at),
            "name": board.name,
            "description": board.description,
            "collaborator_count": 0,
            "pin_count": self.find_pins(|pin| pin.board == board.id).len(),
            "follower_count": 0,
            "media": {"image_cover_url": null, "pin_thumbnail_urls": []},
            "owner": {"username": owner},
            "privacy": board.privacy,
            "is_ads_only": false,
        })
    }

    /// `GET /v5/boards`
    pub(super) fn list_boards(&self, ask: &Ask, _: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read"])?;
        let page = ask.page()?;
        let sees_secret = self.has_scope(ask, "boards:read_secret");
        let privacy = ask.get("privacy");
        let boards = self.boards_of(&user.id).into_iter();
        let shown = boards
            .filter(|board| board.privacy != "SECRET" || sees_secret)
            .filter(|board| privacy.is_none_or(|privacy| privacy == "ALL" || board.privacy == privacy))
            .map(|board| self.shown_board(&board));
        Ok(paged(shown.collect(), page))
    }

    /// `GET /v5/boards/{id}`
    pub(super) fn get_board(&self, ask: &Ask, id: &str, _: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read"])?;
        Ok(self.shown_board(&self.own_board(ask, id, &user.id)?))
    }

    /// `POST /v5/boards`
    pub(super) fn create_board(&self, ask: &Ask, _: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "boards:write"])?;
        let fields = ask.json()?;
        let name = needed(text(&fields, "name", 180)?, "name")?;
        let privacy = word(&fields, "privacy", &PRIVACY, "PUBLIC")?;
        let _one_at_a_time = lock(&self.gate);
        if self.boards_of(&user.id).iter().any(|board| board.name.eq_ignore_ascii_case(&name)) {
            return Err(invalid(&format!("You already have a board with the name '{name}'")));
        }
        let now = self.world.now();
        let board = Board {
            id: self.new_id(),
            user: user.id,
            name,
            description: text(&fields, "description", 500)?,
            privacy,
            sections: Vec::new(),
            created_at: now,
            pins_modified_at: now,
        };
        self.boards.put(&board.id, &board)?;
        Ok(self.shown_board(&board))
    }

    /// `GET /v5/boards/{id}/sections`
    pub(super) fn list_sections(&self, ask: &Ask, id: &str) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read"])?;
        let board = self.own_board(ask, id, &user.id)?;
        let shown = board.sections.iter().map(|section| json!({"id": section.id, "name": section.name}));
        Ok(paged(shown.collect(), ask.page()?))
    }

    /// `POST /v5/boards/{id}/sections`
    pub(super) fn create_section(&self, ask: &Ask, id: &str) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["boards:read", "boards:write"])?;
        let mut board = self.own_board(ask, id, &user.id)?;
        let name = needed(text(&ask.json()?, "name", 180)?.filter(|name| !name.is_empty()), "name")?;
        let section = Section { id: self.new_id(), name };
        board.sections.push(section.clone());
        self.boards.put(id, &board)?;
        Ok(json!({"id": section.id, "name": section.name}))
    }
}
