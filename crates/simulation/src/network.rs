//! Requests on their way. Once a request has left, it arrives or is lost whatever becomes of its
//! sender, up to the time limit of a request.

use std::collections::BTreeMap;

use domain::{DestinationId, Span, Timestamp};

use crate::ledger::{Kind, Public};
use crate::stage::{Event, Stage, State, Wait};

/// How long a request may take.
pub(crate) const LIMIT: Span = Span::from_seconds(30);
/// The longest after its arrival until a post can be read back.
const LONGEST_LAG_MS: u64 = 8_000;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) account: usize,
    pub(crate) token: String,
    pub(crate) call: Call,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// Something that publishes nothing and may be repeated.
    Prepare,
    /// Makes a part public.
    Publish { destination: DestinationId, part: usize, text: String },
    /// Looks for a part.
    Look { text: String },
    /// Renews the token.
    Renew,
}

/// A complete answer.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It was done; the id of what is public, where something is.
    Done(String),
    /// What was found.
    Found(Option<String>),
    /// A new token and its end.
    Token(String, Timestamp),
    /// A 5xx.
    ServerError,
    /// A 4xx of the kind that has been seen with the post live.
    Unproven,
    /// Too many calls until then.
    Limited(Option<Timestamp>),
    /// The token is not taken.
    Expired,
    /// The content is not taken.
    Rejected,
    /// The same is public already under this id.
    Duplicate(String),
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// It certainly never left.
    NeverLeft,
    /// It may have arrived.
    Lost,
}

/// What becomes of a request where it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Served,
    /// Done, and answered with a 5xx or a 4xx that proves nothing.
    DoneBut(Denial),
    /// Not done, and answered like that.
    NotDone(Denial),
    Limited,
    Expired,
    Rejected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denial {
    ServerError,
    Unproven,
}

#[derive(Debug)]
struct OnItsWay {
    request: Request,
    fate: Fate,
    answer: Option<Answer>,
}

/// All requests that are on their way.
#[derive(Debug, Default)]
pub(crate) struct Network {
    requests: BTreeMap<u64, OnItsWay>,
    sent: u64,
}

impl Network {
    /// Whether a request that publishes this part is on its way.
    pub(crate) fn carries(&self, of: DestinationId) -> bool {
        self.requests.values().any(|one| {
            one.answer.is_none()
                && matches!(&one.request.call, Call::Publish { destination, .. } if *destination == of)
        })
    }
}

/// When a request arrives and when its answer is back, if it does and is.
struct Times {
    arrives: Option<Timestamp>,
    answered: Option<Timestamp>,
}

impl State {
    fn draw_times(&mut self) -> Times {
        let (there, back) = if self.strikes(|f| f.late) {
            (self.chance.span_ms(1, 29_900), self.chance.span_ms(1, 29_900))
        } else {
            (self.chance.span_ms(1, 60), self.chance.span_ms(1, 60))
        };
        let arrives = self.now + there;
        let is_lost = self.strikes(|f| f.lost_request);
        let is_answer_lost = self.strikes(|f| f.lost_answer);
        Times {
            arrives: (!is_lost).then_some(arrives),
            answered: (!is_lost && !is_answer_lost).then_some(arrives + back),
        }
    }

    fn draw_fate(&mut self, call: &Call) -> Fate {
        if self.strikes(|f| f.server_error) {
            let is_done = self.chance.happens(5_000);
            return if is_done {
                Fate::DoneBut(Denial::ServerError)
            } else {
                Fate::NotDone(Denial::ServerError)
            };
        }
        if self.strikes(|f| f.limited) {
            return Fate::Limited;
        }
        if self.strikes(|f| f.expired) {
            return Fate::Expired;
        }
        if matches!(call, Call::Publish { .. }) {
            if self.strikes(|f| f.unproven) {
                let is_done = self.chance.happens(5_000);
                return if is_done {
                    Fate::DoneBut(Denial::Unproven)
                } else {
                    Fate::NotDone(Denial::Unproven)
                };
            }
            if self.strikes(|f| f.rejected) {
                return Fate::Rejected;
            }
        }
        Fate::Served
    }

    /// Lets a request leave; returns its number and until when to wait for the answer, or nothing
    /// when the connection is refused.
    fn send(&mut self, request: Request) -> Option<(u64, Timestamp, bool)> {
        if let Call::Publish { destination, part, text } = &request.call {
            let (destination, part, text) = (*destination, *part, text.clone());
            let now = self.now;
            if let Some(objection) = self.book.objects(destination, part, &text, now) {
                self.break_off(objection);
            }
        }
        if self.strikes(|f| f.unreachable) {
            self.note("the connection is refused");
            return None;
        }
        let Times { arrives, answered } = self.draw_times();
        let fate = self.draw_fate(&request.call);
        let number = self.network.sent;
        self.network.sent += 1;
        let limit = self.now + LIMIT;
        self.note(format!("request {number} leaves: {:?} as {}", request.call, request.token));
        if let Some(arrives) = arrives {
            self.network.requests.insert(number, OnItsWay { request, fate, answer: None });
            self.plan(arrives, Event::Arrival(number));
        }
        let is_answered = answered.is_some_and(|at| at < limit);
        // A lost answer shows as a connection that breaks, or as silence.
        let breaks = self.now + self.chance.span_ms(5, 29_999);
        let until = answered.filter(|_| is_answered).unwrap_or(if self.chance.happens(5_000) {
            limit
        } else {
            breaks
        });
        Some((number, until, is_answered))
    }

    /// A request arrives.
    pub(crate) fn arrive(&mut self, number: u64) {
        let Some(mut one) = self.network.requests.remove(&number) else { return };
        let answer = self.serve(&one.request, one.fate);
        self.note(format!("request {number} arrives ({:?}): {answer:?}", one.fate));
        one.answer = Some(answer);
        self.network.requests.insert(number, one);
    }

    fn serve(&mut self, request: &Request, fate: Fate) -> Answer {
        let answer = self.answer(request, fate);
        if matches!((&request.call, &answer), (Call::Renew, Answer::Expired)) {
            self.ledger.holders[request.account].was_refused = true;
        }
        answer
    }

    fn answer(&mut self, request: &Request, fate: Fate) -> Answer {
        let now = self.now;
        let is_taken = match request.call {
            Call::Renew => true,
            _ => self.ledger.holders[request.account].takes(&request.token, now),
        };
        if !is_taken || fate == Fate::Expired {
            return Answer::Expired;
        }
        match fate {
            Fate::NotDone(denial) => denial.answer(),
            Fate::DoneBut(denial) => match self.perform(request) {
                done @ Answer::Duplicate(_) => done,
                _ => denial.answer(),
            },
            Fate::Limited => {
                let until = now + self.chance.span_ms(500, 900_000);
                Answer::Limited(self.chance.happens(9_000).then_some(until))
            }
            Fate::Rejected => {
                if let Call::Publish { destination, .. } = &request.call
                    && let Some(wanted) = self.book.wanted.get_mut(destination)
                {
                    wanted.refused.insert("content_rejected");
                }
                Answer::Rejected
            }
            Fate::Served | Fate::Expired => self.perform(request),
        }
    }

    fn perform(&mut self, request: &Request) -> Answer {
        let account = request.account;
        match &request.call {
            Call::Prepare => Answer::Done(String::new()),
            Call::Look { text } => {
                let found = self.ledger.find(account, text).filter(|public| public.seen_from <= self.now);
                Answer::Found(found.map(|public| public.id.clone()))
            }
            Call::Renew => {
                if self.strikes(|f| f.revoked) {
                    self.ledger.holders[account].revoked = true;
                }
                if self.ledger.holders[account].revoked {
                    return Answer::Expired;
                }
                let now = self.now;
                let (token, end) = self.ledger.holders[account].issue(now);
                Answer::Token(token, end)
            }
            Call::Publish { destination, part, text } => self.publish(account, *destination, *part, text),
        }
    }

    fn publish(&mut self, account: usize, destination: DestinationId, part: usize, text: &str) -> Answer {
        if self.ledger.holders[account].kind == Kind::Refusing
            && let Some(first) = self.ledger.find(account, text)
        {
            return Answer::Duplicate(first.id.clone());
        }
        let seen_from = self.now + self.chance.span_ms(0, LONGEST_LAG_MS);
        let id = format!("p{}", self.ledger.public.len());
        let public = Public { id: id.clone(), account, destination, part, text: text.to_owned(), seen_from };
        self.ledger.public.push(public);
        if self.ledger.count(destination, part) > 1 {
            self.break_off(format!("{text:?} is published twice"));
        }
        if (0..part).any(|before| self.ledger.count(destination, before) == 0) {
            self.break_off(format!("{text:?} is published before the parts before it"));
        }
        Answer::Done(id)
    }
}

impl Denial {
    fn answer(self) -> Answer {
        match self {
            Self::ServerError => Answer::ServerError,
            Self::Unproven => Answer::Unproven,
        }
    }
}

impl Stage {
    /// Sends a request and waits for its answer.
    pub(crate) async fn exchange(&self, request: Request) -> Result<Answer, Unanswered> {
        let left = self.lock().send(request);
        let Some((number, until, is_answered)) = left else { return Err(Unanswered::NeverLeft) };
        self.wait([Wait::Until(until)]).await;
        let mut state = self.lock();
        let answer = state.network.requests.get_mut(&number).and_then(|one| one.answer.take());
        let Some(answer) = answer.filter(|_| is_answered) else {
            state.note(format!("no answer to request {number}"));
            return Err(Unanswered::Lost);
        };
        state.network.requests.remove(&number);
        Ok(answer)
    }
}
