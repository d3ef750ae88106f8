//! Reads how a post and an account do, with the engine's rules for access that has ended.

use domain::metrics::Figures;
use domain::{Class, Span, Timestamp};

use super::Bench;
use crate::{Failure, LivePost, PostReading, Receipt};

impl Bench {
    /// The figures of what a receipt tells of, which went live at `published_at`.
    ///
    /// # Errors
    /// What the connector says, and that there is nothing to be read where there is not.
    pub async fn read(&mut self, receipt: &Receipt, published_at: Timestamp) -> Result<PostReading, Failure> {
        let post = LivePost {
            id: receipt.platform_post_id.clone(),
            url: receipt.platform_post_url.clone(),
            published_at,
        };
        self.keep_fresh().await?;
        let outcome = match self.connector.metrics() {
            Some(metrics) => metrics.read_post(&self.cx(), &post).await,
            None => Err(not_offered()),
        };
        outcome.map_err(|failure| self.hear(failure))
    }

    /// How many follow the account.
    ///
    /// # Errors
    /// As [`Bench::read`].
    pub async fn followers(&mut self) -> Result<Option<i64>, Failure> {
        self.keep_fresh().await?;
        let outcome = match self.connector.metrics() {
            Some(metrics) => metrics.read_followers(&self.cx()).await,
            None => Err(not_offered()),
        };
        outcome.map_err(|failure| self.hear(failure))
    }

    /// Reads a post that went live just now after an hour and after two days, and the followers with
    /// it. Everything that is told has to have grown.
    ///
    /// # Errors
    /// What the connector says, and what has not grown.
    pub async fn read_twice(&mut self, receipt: &Receipt) -> Result<Figures, Failure> {
        let live = self.now();
        self.pass(Span::from_hours(1));
        let (first, few) = (self.figures(receipt, live).await?, self.followers().await?);
        self.pass(Span::from_hours(47));
        let (second, many) = (self.figures(receipt, live).await?, self.followers().await?);
        let told = |figures: Figures| {
            [
                figures.views,
                figures.likes,
                figures.comments,
                figures.shares,
                figures.impressions,
                figures.clicks,
            ]
        };
        let pairs = told(first).into_iter().zip(told(second)).chain([(few, many)]);
        let grows = |(early, late): (Option<i64>, Option<i64>)| late >= early && late != Some(0);
        if second.is_empty() || !pairs.into_iter().all(grows) {
            let what = format!("{first:?} and {few:?} became {second:?} and {many:?}");
            return Err(Failure::before_sending(Class::ContentRejected, what));
        }
        Ok(second)
    }

    async fn figures(&mut self, receipt: &Receipt, live: Timestamp) -> Result<Figures, Failure> {
        match self.read(receipt, live).await? {
            PostReading::Read(figures) => Ok(figures),
            PostReading::Gone => Err(Failure::before_sending(Class::ContentRejected, "The post is gone.")),
        }
    }

    async fn keep_fresh(&mut self) -> Result<(), Failure> {
        let credentials = &self.connected.credentials;
        if credentials.is_stale(self.now(), Span::ZERO) && credentials.is_renewable() {
            self.renew().await?;
        }
        Ok(())
    }
}

fn not_offered() -> Failure {
    Failure::before_sending(Class::PermissionMissing, "The platform offers no numbers.")
}
