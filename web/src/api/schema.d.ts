// Made by `npm run api` from the OpenAPI document. Do not edit.

export interface paths {
    "/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the connected accounts.
         * @description All accounts of the key's workspace with their health, in the order in which they were
         *     connected. An account that cannot post stays in the list; a post to it is accepted, and its
         *     destination fails at once.
         */
        get: operations["list_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one account. */
        get: operations["get_account"];
        put?: never;
        post?: never;
        /**
         * Disconnect an account.
         * @description It stays in the list, switched off, and its tokens are forgotten. Posts that wait for it fail at
         *     their time with that reason, unless it is connected again before.
         */
        delete: operations["disconnect_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{account_id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an account's health with its reasons, token and recent activity. */
        get: operations["get_account_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{account_id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what an account may publish by its platform's limits, and how much of it is used. */
        get: operations["get_account_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{account_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get how many followed an account, day by day. */
        get: operations["get_account_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/{account_id}/reconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link that renews an account's access in place.
         * @description The owner has to sign in as the same profile. Accounts that are connected by credentials are
         *     renewed by sending these again.
         */
        post: operations["create_reconnect_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/connect-credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect an account by credentials.
         * @description They are tried with the platform before anything is stored. An account that is there already is
         *     renewed in place.
         */
        post: operations["connect_credential_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/accounts/connect-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link that connects an account.
         * @description The account's owner opens it in any browser within ten minutes and signs in to the platform.
         */
        post: operations["create_connect_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/generate-caption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have captions written. Each one that is returned costs a credit. */
        post: operations["generate_caption"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ai/generate-image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a picture made. It is in the library, ready, when the answer arrives. */
        post: operations["generate_image"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell a period's destinations apart by time, platform, account or campaign.
         * @description A destination counts when it went live, or when it failed for good. Of those that went live, `metrics`
         *     sums up the latest reading of each. By `day`, periods of more than 100 days are told by the week, those
         *     of more than two years by the month: `step` says which.
         */
        get: operations["get_analytics_breakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sum up a period: posts by status, destinations by platform, what people did with them, followers.
         * @description Periods roll back from now. A post that has gone out counts by the time that it was due; one that
         *     waits, and a draft, by when it was made. `metrics` and `audience` are what was read from the platforms.
         */
        get: operations["get_analytics_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a device to be let in.
         * @description A person enters `user_code` at `verification_uri`; the device asks `/auth/device/token` meanwhile.
         */
        post: operations["begin_device_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/device/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See whether a device is let in.
         * @description Always a success; `status` tells. The key is in the answer once.
         */
        post: operations["poll_device_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/social-connect/bluesky": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect a Bluesky account. */
        post: operations["connect_bluesky"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/social-connect/discord": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect a Discord channel. */
        post: operations["connect_discord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/social-connect/poll/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See whether the owner is done. */
        get: operations["poll_social_connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/social-connect/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to connect an account in a browser. */
        post: operations["start_social_connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/social-connect/telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Connect a Telegram channel. */
        post: operations["connect_telegram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/best-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get times of the week to post at, from when the workspace's own posts went live.
         * @description `basis` says what a time rests on: the account's own posts (`personal`), those of all accounts on the
         *     platform (`platform`), or a habit where there are too few (`general`).
         */
        get: operations["get_best_times"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the workspace's campaigns, the latest first. */
        get: operations["list_campaigns"];
        put?: never;
        /** Make a campaign. */
        post: operations["create_campaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaign_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one campaign. */
        get: operations["get_campaign"];
        put?: never;
        post?: never;
        /** Delete a campaign. Its posts stay; their `campaign_id` becomes null. */
        delete: operations["delete_campaign"];
        options?: never;
        head?: never;
        /** Change a campaign. Fields that are left out stay as they are. */
        patch: operations["update_campaign"];
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens, as server-sent events.
         * @description Each event has its id, its name and the same JSON that webhooks get. The stream has no end: a reader
         *     that was cut off connects again with the header `Last-Event-ID` and misses nothing; what happened in
         *     the ten seconds before that event may come twice, with the same id. It ends when the key does.
         */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened, the oldest first.
         * @description Sent again with the answer's `cursor`, it goes on where it ended: nothing is left out, and nothing comes
         *     twice. An event is listed ten seconds after it happened; `GET /events` tells of it at once.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the key, its owner, organization and workspace, and what is used of what is allowed. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the media library, newest first. */
        get: operations["list_media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{media_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a library item. */
        get: operations["get_media"];
        put?: never;
        post?: never;
        /** Delete a library item and its file. Copies that are live on platforms stay. */
        delete: operations["delete_media"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{media_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete an upload once all bytes are sent.
         * @description The file is looked at, and the item is ready or has failed. Calling it again gives the same answer.
         */
        post: operations["complete_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload.
         * @description Send the bytes to `upload_url`, then call `/media/{media_id}/complete`.
         */
        post: operations["begin_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/upload-from-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a file from a public address into the library.
         * @description An image is ready at once. A video is fetched behind the call: poll it until it is ready.
         */
        post: operations["import_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platform-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what each platform takes: text limits, media and features. */
        get: operations["get_platform_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List posts, newest first unless asked otherwise. */
        get: operations["list_posts"];
        put?: never;
        /**
         * Create a post: now, for later, or as a draft.
         * @description The post is durable when the answer arrives; publishing goes on behind it. An account that
         *     cannot post does not make the call fail: its destination fails at once.
         */
        post: operations["create_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one post with its destinations. */
        get: operations["get_post"];
        put?: never;
        post?: never;
        /**
         * Delete a post. What has not gone out is cancelled; copies that are live stay live.
         * @description With `delete_on_platforms=x` the copies on X are removed as well: every part of a thread, and the first
         *     comment. `x_deletion` tells of each account what became of that. The post is deleted here also where X
         *     refuses; what is live then can only be removed on X.
         */
        delete: operations["delete_post"];
        options?: never;
        head?: never;
        /** Change a draft or scheduled post. Fields that are left out stay as they are. */
        patch: operations["update_post"];
        trace?: never;
    };
    "/posts/{post_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve a post that waits. It goes out at its time, or at once if that has passed. */
        post: operations["approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what was tried for a post on each account: when something was sent, what the platform said, and how
         *     that was understood.
         * @description The 2,000 latest lines of a post.
         */
        get: operations["get_post_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get how a post did on each account, reading by reading.
         * @description Numbers are read from the platforms 1, 6 and 24 hours and 2, 4, 7, 14 and 30 days after the post
         *     went live.
         */
        get: operations["get_post_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/request-approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for the approval of a draft or scheduled post. It does not go out before somebody approves it. */
        post: operations["request_post_approval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/request-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a post back to its author. It does not go out before somebody approves it. */
        post: operations["request_post_changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what became of a destination whose outcome nobody could find out (`outcome_unknown`).
         * @description It becomes published with the address that you give, or is queued again. Once only.
         */
        post: operations["resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what became of a post on each account. */
        get: operations["get_post_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queue a post's failed destinations again. */
        post: operations["retry_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/{post_id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish or schedule a draft. */
        post: operations["schedule_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create up to 50 posts in one call.
         * @description Each entry is checked on its own; those that are good are made together, and are durable when the
         *     answer arrives. 201 when all were made, 207 when some were, 422 when none was; `results` has one
         *     entry for each post in the order in which they were sent. The call counts as one request, each post
         *     as a post.
         */
        post: operations["bulk_create_posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/bulk-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Schedule up to 100 posts as the rows of a table name them.
         * @description Dates and times are those on the clocks of `timezone`. Where the clocks go forward over a time, the post
         *     goes out as much later; where they show it twice, at the first one; `notes` say so. A platform stands for
         *     the workspace's only account there. With `dryRun`, nothing is made, and each row is told what would
         *     become of it: 200. Otherwise the answer is that of `POST /posts/bulk`.
         */
        post: operations["bulk_schedule_posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get all posts that match as one file, which `POST /posts/import` reads again.
         * @description Filters and order are those of `GET /posts`; there are no pages. The file comes as it is read: one that
         *     breaks off is not complete.
         */
        get: operations["export_posts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make posts of a file: a table (CSV), an export of this server, or posts of Postiz or Mixpost.
         * @description Each post is checked as `POST /posts` checks it. A post with a time is scheduled, one without is kept as
         *     a draft, and none goes out at once. The same file makes its posts once, however often it is sent: a row's
         *     post has an id that is made of what the row says and where it goes. `notes` tell what is not carried
         *     over. 201 when posts were made and nothing is left, 207 when something is, 200 when there was nothing to
         *     make and for a dry run, 422 when nothing could be made. 10 MB and 1,000 posts at most.
         */
        post: operations["import_posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/retry-failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Queue failed destinations of many posts again.
         * @description Every failed destination that matches goes out again. One whose outcome is unknown may be live, so it
         *     is left alone unless `post_ids` names its post.
         */
        post: operations["retry_failed_posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/posts/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what would become of a post, without making it.
         * @description Takes the body of `POST /posts`. For each account: why its platform would refuse the post, what
         *     would go out otherwise than asked, how long the text is as the platform counts, and which media
         *     would be converted. What is wrong with the body itself is refused as `POST /posts` refuses it.
         */
        post: operations["validate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the workspace's posting queue and its next free slots.
         * @description The slots are a forecast: nothing is reserved until a post takes one.
         */
        get: operations["get_queue"];
        put?: never;
        post?: never;
        /** Delete the workspace's posting queue. Posts that took a slot stay scheduled. */
        delete: operations["delete_queue"];
        options?: never;
        head?: never;
        /**
         * Set the workspace's posting queue: make it, or change what is named.
         * @description Posts that took a slot keep their time when the slots change.
         */
        patch: operations["set_queue"];
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the organization's webhooks, oldest first. */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Make a webhook.
         * @description The answer carries its secret, once. An organization has 25 webhooks at most; one more is refused
         *     with 403 `quota_exceeded`.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one webhook. */
        get: operations["get_webhook"];
        put?: never;
        post?: never;
        /** Delete a webhook with the log of what was sent to it. */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        /** Change a webhook. Fields that are left out stay as they are. */
        patch: operations["update_webhook"];
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was sent to a webhook, the latest first.
         * @description The log goes back 30 days and holds every try with the receiver's status, the time that it took and
         *     the reason of a failure.
         */
        get: operations["list_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one delivery with its data and every try. */
        get: operations["get_webhook_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event once more.
         * @description Makes a new delivery of the same event, with the same `event_id`. It goes out after what waits
         *     already.
         */
        post: operations["replay_webhook_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/deliveries/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try again what was given up.
         * @description All deliveries of the webhook that are `dead`, or those that the body names, get all their tries
         *     anew. They go out in the order of their events.
         */
        post: operations["requeue_webhook_deliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a webhook.
         * @description Sends one signed `webhook.test` event and waits for the receiver. The answer is 200 whether or not
         *     the receiver took it; `ok` says that.
         */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A connected social account. */
        Account: {
            /**
             * Format: int64
             * @description Goes into `account_ids`.
             */
            account_id: number;
            /** @description Display name or @handle. */
            account_name: string;
            /** @description The picture. */
            avatar_url: string | null;
            /**
             * Format: date-time
             * @description When it was connected.
             */
            created_at: string;
            /** @description What the next publish will meet. */
            health: components["schemas"]["Health"];
            /**
             * Format: int64
             * @description The same.
             */
            id: number;
            /** @description Whether it is switched on. */
            is_active: boolean;
            /**
             * @description Lower-case platform name.
             * @example linkedin
             */
            platform: string;
        };
        /** @description A connected social account with what else is known of it. */
        AccountDetail: {
            /**
             * Format: int64
             * @description Goes into `account_ids`.
             */
            account_id: number;
            /** @description Display name or @handle. */
            account_name: string;
            /** @description The picture. */
            avatar_url: string | null;
            /**
             * Format: date-time
             * @description When it was connected.
             */
            created_at: string;
            /** @description The name on the platform. */
            display_name: string;
            /** @description What the next publish will meet, and why. */
            health: components["schemas"]["HealthDetail"];
            /**
             * Format: int64
             * @description The same.
             */
            id: number;
            /** @description Whether it is switched on. */
            is_active: boolean;
            /**
             * @description Lower-case platform name.
             * @example linkedin
             */
            platform: string;
            /** @description The platform's own id. */
            platform_user_id: string;
            /** @description The handle without `@`. */
            platform_username: string | null;
        };
        /** @description Envelope of an account. */
        AccountEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AccountDetail"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Envelope of an account's health. */
        AccountHealthEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AccountHealthReport"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description An account's health in full. */
        AccountHealthReport: {
            /** Format: int64 */
            account_id: number;
            account_name: string;
            activity: components["schemas"]["ActivityReport"];
            can_post: boolean;
            /** Format: date-time */
            connected_at: string;
            is_active: boolean;
            needs_reconnection: boolean;
            /** Format: date-time */
            needs_reconnection_since: string | null;
            platform: string;
            /** @description The platform's own id. */
            platform_account_id: string;
            /** @description Every reason that holds, most severe first. */
            reasons: string[];
            /** @description `healthy`, `warning` or `broken`. */
            status: components["schemas"]["LongHealth"];
            token: components["schemas"]["TokenReport"];
        };
        /** @description Envelope of what an account has used of its platform's limits. */
        AccountLimitsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AccountLimitsReport"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Where an account stands with its platform's limits. */
        AccountLimitsReport: {
            /** Format: int64 */
            account_id: number;
            /** @description What the platform allows an account to publish. Empty where nothing is known in advance. */
            caps: components["schemas"]["CapReport"][];
            platform: string;
            /** @description Why. */
            rest_reason: string | null;
            /**
             * Format: date-time
             * @description Until when nothing goes out to the account.
             */
            rests_until: string | null;
        };
        /** @description Every account of the workspace. */
        AccountList: {
            /** @description Their ids, in the same order. */
            account_ids: number[];
            /** @description In the order in which they were connected. */
            accounts: components["schemas"]["Account"][];
            /** @description How many there are. */
            total: number;
        };
        /** @description Envelope of the account list. */
        AccountListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AccountList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Envelope of how an account did. */
        AccountMetricsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AccountReadings"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description How an account did over time. */
        AccountReadings: {
            /** Format: int64 */
            account_id: number;
            account_name: string;
            /**
             * Format: int64
             * @description Between the first and the latest of the readings; null with fewer than two.
             */
            change_in_range: number | null;
            ended_reason: components["schemas"]["EndedReason"] | null;
            /**
             * Format: int64
             * @description By the latest of the readings.
             */
            followers: number | null;
            /** @description What to know about the status. */
            message: string | null;
            /** Format: date-time */
            next_reading_at: string | null;
            /** @example instagram */
            platform: string;
            range: components["schemas"]["ReadingRange"];
            /** @description The latest 1,000 of the range, oldest first. */
            readings: components["schemas"]["FollowerReading"][];
            status: components["schemas"]["ReadingStatus"];
        };
        /** @description What an account did of late. */
        ActivityReport: {
            /** Format: int64 */
            failures_last_7d: number;
            /** Format: date-time */
            last_published_at: string | null;
            /** Format: int64 */
            permanent_failures_last_7d: number;
            /** Format: int64 */
            queued_count: number;
        };
        /** @description Credits for captions and images, in this month of UTC. `bonus` is what is left of those beyond the months. */
        AiCredits: {
            /** Format: int64 */
            bonus: number;
            /** Format: int64 */
            limit: number;
            /** Format: int64 */
            used: number;
        };
        /** @description Credits for captions and images. */
        AiCreditsUsed: {
            /** Format: int64 */
            bonus: number;
            /** Format: int64 */
            used_this_period: number;
        };
        /** @description A period's destinations, told apart. */
        AnalyticsBreakdown: {
            by: components["schemas"]["BreakdownBy"];
            period: components["schemas"]["PeriodName"];
            range: components["schemas"]["PeriodRange"];
            /**
             * @description By `day` every step in order, also those without any; otherwise those that have any, most
             *     published first.
             */
            rows: components["schemas"]["BreakdownRow"][];
            step: components["schemas"]["StepName"] | null;
            /**
             * @description The zone that the days are of.
             * @example Europe/Berlin
             */
            timezone: string;
        };
        /** @description Envelope of a period's numbers told apart. */
        AnalyticsBreakdownEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AnalyticsBreakdown"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What became of a period's posts. */
        AnalyticsSummary: {
            ai_credits: components["schemas"]["AiCreditsUsed"];
            /** @description The latest follower count of each account that has one. */
            audience: components["schemas"]["Audience"][];
            /** @description Destinations, one entry for each platform that has any. */
            by_platform: components["schemas"]["PlatformCounts"][];
            /** @description Sums over the destinations that went live in the period, by the latest reading of each. */
            metrics: components["schemas"]["MetricSums"];
            period: components["schemas"]["PeriodName"];
            posts: components["schemas"]["PostCounts"];
            range: components["schemas"]["PeriodRange"];
        };
        /** @description Envelope of a period's numbers. */
        AnalyticsSummaryEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["AnalyticsSummary"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description The key in use. */
        ApiKey: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            key_prefix: string;
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            scopes: string[];
        };
        /** @description Who took a step. */
        ApprovalActor: {
            /** Format: uuid */
            api_key_id: string;
            /** @description Null where they are gone. */
            name: string | null;
            /** Format: int64 */
            user_id: number;
        };
        /**
         * @description Where an approval stands.
         * @enum {string}
         */
        ApprovalState: "not_required" | "requested" | "approved" | "changes_requested";
        /** @description What is said with it. */
        ApprovePostRequest: {
            /**
             * @description Take it even where an account got the same within 24 hours while the post waited, on a server that
             *     refuses that.
             */
            allow_duplicate?: boolean | null;
            /** @description For the author. */
            note?: string | null;
            /**
             * Format: date-time
             * @description The post's `updated_at` as you looked at it: one that was changed since is not approved.
             */
            updated_at?: string | null;
        };
        /** @description A line of a destination's history. */
        AttemptEntry: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int32
             * @description In which attempt.
             */
            attempt: number;
            /** @description The class of the failure, such as `rate_limited` or `transient`. */
            class: string | null;
            /** @description The stable code, where it has failed for good. */
            error_code: string | null;
            event: components["schemas"]["AttemptEvent"];
            /** @description What happened, in a sentence. */
            message: string | null;
            /** @description The status and the beginning of the platform's answer. */
            platform_answer: string | null;
            platform_post_url: string | null;
            /**
             * Format: int64
             * @description Its number within the destination.
             */
            seq: number;
            /**
             * Format: date-time
             * @description When it goes on.
             */
            until: string | null;
            /**
             * Format: int64
             * @description Who said so.
             */
            user_id: number | null;
        };
        /**
         * @description What happened.
         * @enum {string}
         */
        AttemptEvent: "intent" | "wait" | "retry" | "limited" | "unknown" | "look" | "found" | "again" | "published" | "failed" | "confirmed" | "denied";
        /** @description An account's followers. */
        Audience: {
            /** Format: int64 */
            account_id: number;
            account_name: string;
            /**
             * Format: int64
             * @description Null while there is only one reading.
             */
            change_in_period: number | null;
            /** Format: int64 */
            followers: number;
            platform: string;
        };
        /**
         * @description What a time rests on.
         * @enum {string}
         */
        BasisName: "personal" | "platform" | "general";
        /** @description Who asks to be let in. */
        BeginDeviceLoginRequest: {
            /** @description What the person is shown, such as `CLI on ana-laptop`. */
            client_name?: string | null;
        };
        /** @description A file that is to be uploaded. */
        BeginUploadRequest: {
            /** @description Its MIME type. */
            content_type: string;
            /**
             * Format: double
             * @description Length in seconds.
             */
            duration?: number | null;
            /**
             * Format: int64
             * @description Another name of `size`.
             */
            file_size?: number | null;
            /** @description Its name with the ending. */
            filename: string;
            /**
             * Format: int64
             * @description Height in pixels.
             */
            height?: number | null;
            /** @description The platforms that it is meant for. */
            platforms?: string[] | null;
            /**
             * Format: int64
             * @description Its size in bytes; needed under this name or as `file_size`.
             */
            size?: number | null;
            /**
             * Format: int64
             * @description Width in pixels. What the file says wins.
             */
            width?: number | null;
        };
        /** @description Where the bytes go. */
        BegunUpload: {
            /**
             * Format: int64
             * @description Seconds within which the bytes have to begin to come.
             */
            expires_in: number;
            /**
             * Format: uuid
             * @description The same.
             */
            id: string;
            /**
             * Format: int64
             * @description The largest file of this kind, in bytes.
             */
            max_size: number;
            /** Format: uuid */
            media_id: string;
            /** @description The same in a list. */
            media_ids: string[];
            /** @description The same. */
            media_status: components["schemas"]["MediaStatus"];
            next_step: string;
            protocol: string;
            provider: string;
            status: components["schemas"]["MediaStatus"];
            upload_method: components["schemas"]["UploadMethod"];
            /** @description Takes the bytes without a key: as a raw PUT, or as a form by POST with the field `file`. */
            upload_url: string;
        };
        /** @description Envelope of an upload that was begun. */
        BegunUploadEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["BegunUpload"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Times of the week to post at. */
        BestTimes: {
            /** @description One entry for each account, or one for the platform. */
            best_times: components["schemas"]["RecommendedTimes"][];
            /** @description For several accounts taken together. */
            combined?: components["schemas"]["RecommendedTimes"];
            /** @description The zone of all times here. */
            timezone: string;
        };
        /** @description Envelope of the best times. */
        BestTimesEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["BestTimes"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Settings of a blog post with the longest text of each; null where there is no limit. */
        Blog: {
            fields: {
                [key: string]: number | null;
            };
        };
        /**
         * @description What numbers are told apart by.
         * @enum {string}
         */
        BreakdownBy: "day" | "platform" | "account" | "campaign";
        /** @description The numbers of a step of time, a platform, an account or a campaign. What it is not about is null. */
        BreakdownRow: {
            /** Format: int64 */
            account_id: number | null;
            account_name: string | null;
            /**
             * Format: int64
             * @description By `campaign`, null for posts that belong to none.
             */
            campaign_id: number | null;
            campaign_name: string | null;
            /**
             * Format: date
             * @description The first day of the step.
             * @example 2027-01-31
             */
            date: string | null;
            /**
             * Format: int64
             * @description Destinations that failed for good.
             */
            failed: number;
            /** @description Sums over those that went live, by the latest reading of each. */
            metrics: components["schemas"]["MetricSums"];
            /**
             * @description The platform, also of an account.
             * @example instagram
             */
            platform: string | null;
            /**
             * Format: int64
             * @description Destinations that went live.
             */
            published: number;
        };
        /** @description What became of the posts of a call. */
        BulkCreated: {
            /** @description One entry for each post, in the order in which they were sent. */
            results: components["schemas"]["BulkResult"][];
            summary: components["schemas"]["BulkSummary"];
        };
        /** @description Envelope of posts that were made in one call. */
        BulkCreatedEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["BulkCreated"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Posts to be made. */
        BulkCreateRequest: {
            /** @description Bodies of `POST /posts`. */
            posts: components["schemas"]["CreatePostRequest"][];
        };
        /** @description Why a post of a call was not made. */
        BulkError: {
            /**
             * @description Stable, snake_case.
             * @enum {string}
             */
            code: "validation_error" | "invalid_json" | "invalid_field_name" | "content_too_long" | "post_creation_failed" | "past_schedule_time" | "invalid_accounts" | "invalid_timezone" | "media_not_ready" | "invalid_credentials" | "unauthorized" | "insufficient_scope" | "forbidden" | "insufficient_credits" | "quota_exceeded" | "not_found" | "method_not_allowed" | "conflict" | "duplicate_post" | "permanent_failure_circuit_breaker" | "idempotency_key_in_use" | "idempotency_key_reused" | "bulk_limit_exceeded" | "payload_too_large" | "file_too_large" | "media_in_use" | "upload_refused" | "unsupported_media_type" | "rate_limit_exceeded" | "service_unavailable" | "internal_error";
            /** @description Facts that depend on the code, such as `field` or `validation_errors`. */
            details: Record<string, unknown> | null;
            /** @description For people. */
            message: string;
            /** @description Whether the same post may be taken later. */
            retryable: boolean;
            /**
             * Format: int32
             * @description The status that `POST /posts` would have answered with.
             */
            status: number;
        };
        /** @description None of the posts was made, or the request as a whole was refused. */
        BulkRefused: components["schemas"]["BulkCreatedEnvelope"] | components["schemas"]["ErrorEnvelope"];
        /** @description What became of one post of a call. */
        BulkResult: {
            /** @description Why it was not made. */
            error?: components["schemas"]["BulkError"];
            /** @description Its place in `posts`, from 0. */
            index: number;
            /** @description What was decided about it, in sentences, where something was. */
            notes?: string[];
            ok: boolean;
            /** @description The answer of `POST /posts`, where it was made. */
            post?: components["schemas"]["CreatedPost"];
        };
        /** @description What would become of the rows of a call. */
        BulkScheduleDryRun: {
            /** @description Always true. */
            dry_run: boolean;
            /** @description Always true. */
            dryRun: boolean;
            /** @description How many would be refused. */
            invalid: number;
            /** @description One entry for each row, in the order in which they were sent. */
            results: components["schemas"]["CheckedRow"][];
            total: number;
            /** @description How many would be made. */
            valid: number;
        };
        /** @description Envelope of what would become of rows. */
        BulkScheduleDryRunEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["BulkScheduleDryRun"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Rows of a table, each a post. */
        BulkScheduleRequest: {
            /** @description Names that the rows use for accounts, and the accounts' ids. */
            accountMapping?: {
                [key: string]: number;
            } | null;
            /** @description Say what would become of the rows, and make nothing. */
            dryRun?: boolean | null;
            /** @description The rows. */
            posts: components["schemas"]["BulkScheduleRow"][];
            /**
             * @description The zone whose clocks the dates and times are of.
             * @example Europe/Berlin
             */
            timezone: string;
        };
        /** @description A row of a table. */
        BulkScheduleRow: {
            /** @description The text. */
            content?: string | null;
            /**
             * Format: date
             * @description The day.
             * @example 2027-01-31
             */
            date: string;
            /** @description The name or the id of a file in the library; several are separated by `|`. */
            media?: string | null;
            /**
             * @description The accounts: platforms, ids or names, joined by `+`.
             * @example instagram+facebook
             */
            platforms: string;
            /**
             * @description The time of the day, on a clock of 24 hours.
             * @example 09:30
             */
            time: string;
        };
        /** @description How many posts of a call were made. */
        BulkSummary: {
            failed: number;
            succeeded: number;
            total: number;
        };
        /** @description A named group of posts. */
        Campaign: {
            /**
             * @description `#RRGGBB`.
             * @example #3b82f6
             */
            color: string;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            /** Format: int64 */
            id: number;
            name: string;
            /**
             * Format: int64
             * @description Posts in it; drafts are in none.
             */
            post_count: number;
            status: components["schemas"]["CampaignState"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Envelope of a campaign. */
        CampaignEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Campaign"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A page of campaigns. */
        CampaignList: {
            campaigns: components["schemas"]["Campaign"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Envelope of the list of campaigns. */
        CampaignListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["CampaignList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description Where a campaign stands.
         * @enum {string}
         */
        CampaignState: "active" | "archived";
        /**
         * @description What counts.
         * @enum {string}
         */
        CapCounts: "posts" | "parts";
        /** @description A cap of a platform. */
        CapReport: {
            /** @description `parts` where each part of a thread counts. */
            counts: components["schemas"]["CapCounts"];
            /** @description In words, such as `100 posts in 15 minutes`. */
            description: string;
            /** Format: int32 */
            limit: number;
            /**
             * Format: date-time
             * @description When one more may go out, where none may now.
             */
            opens_at: string | null;
            /** Format: int32 */
            remaining: number;
            /**
             * Format: int32
             * @description What this server published in the window.
             */
            used: number;
        };
        /** @description What would become of a row. */
        CheckedRow: {
            /** @description Where it would go. */
            account_ids: number[];
            /** @description Why it would be refused. */
            errors: components["schemas"]["RowError"][];
            /** @description Its place in `posts`, from 0. */
            index: number;
            /** @description With which media. */
            media_ids: string[];
            /**
             * Format: date-time
             * @description When it would go out.
             */
            scheduled_for: string | null;
            valid: boolean;
            /** @description What would go out otherwise than asked, and what was decided, in sentences. */
            warnings: string[];
        };
        /** @description An upload that was completed. */
        CompletedUpload: components["schemas"]["Media"] & {
            message: string;
            next_step: string;
        };
        /** @description Envelope of an upload that was completed. */
        CompletedUploadEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["CompletedUpload"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Nothing has to be said. */
        CompleteUploadRequest: Record<string, unknown>;
        /** @description What Bluesky asks for. */
        ConnectBlueskyRequest: {
            /** @description A password for programs (xxxx-xxxx-xxxx-xxxx), never the login password. */
            app_password: string;
            /** @description The handle, such as `ana.bsky.social`. */
            handle: string;
        };
        /** @description The platform and what it asks for. */
        ConnectCredentialRequest: {
            /** @description Mastodon: the token of an app that its owner made on that server. */
            access_token?: string | null;
            /** @description Bluesky and WordPress: a password for programs, never the login password. */
            app_password?: string | null;
            /** @description Telegram: the bot's token. */
            bot_token?: string | null;
            /** @description Telegram: `@name`, a link, or a numeric id. */
            channel?: string | null;
            /** @description Bluesky: the handle, such as `ana.bsky.social`. */
            handle?: string | null;
            /** @description The platform. */
            platform: components["schemas"]["CredentialPlatform"];
            /** @description Mastodon: the account's server, such as `mastodon.social`. */
            server_url?: string | null;
            /** @description WordPress: the site's address. */
            site_url?: string | null;
            /** @description WordPress: the author's login name. */
            username?: string | null;
            /** @description Discord: the address of an incoming webhook. */
            webhook_url?: string | null;
        };
        /** @description What Discord asks for. */
        ConnectDiscordRequest: {
            /** @description The address of an incoming webhook. */
            webhook_url: string;
        };
        /** @description An account that was connected by credentials. */
        ConnectedAccount: {
            /** @description The account. */
            account: components["schemas"]["Account"];
            /** @description Whether it is new, or was renewed in place. */
            created: boolean;
            /** @description For people. */
            message: string;
        };
        /** @description Envelope of an account that was connected. */
        ConnectedAccountEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ConnectedAccount"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A link that the account's owner opens in a browser. */
        ConnectLink: {
            /**
             * Format: int64
             * @description The account that it renews; only for a reconnect.
             */
            account_id?: number;
            /** @description The same. */
            authorize_url: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expires_at: string;
            /**
             * Format: int64
             * @description Seconds until it ends.
             */
            expires_in: number;
            /** @description For people. */
            message: string;
            /** @description What to do next. */
            next_step: string;
            /** @description Lower-case platform name. */
            platform: string;
            /**
             * Format: uuid
             * @description Ask for it under `/auth/social-connect/poll/{session_id}`.
             */
            session_id: string;
            /** @description What the owner opens. */
            url: string;
        };
        /** @description Envelope of a link to connect an account. */
        ConnectLinkEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ConnectLink"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description Whether accounts are added or one is renewed.
         * @enum {string}
         */
        ConnectMode: "connect" | "reconnect";
        /**
         * @description The states of a connect session.
         * @enum {string}
         */
        ConnectState: "pending" | "expired" | "cancelled" | "completed";
        /** @description What Telegram asks for. */
        ConnectTelegramRequest: {
            /** @description The bot's token. */
            bot_token: string;
            /** @description `@name`, a link, or a numeric id. */
            channel: string;
        };
        /** @description A campaign to be made. */
        CreateCampaignRequest: {
            /** @description Its colour; `#3b82f6` by default. */
            color?: string | null;
            /** @description What it is for. */
            description?: string | null;
            /** @description Its name. */
            name: string;
            status?: components["schemas"]["CampaignState"] | null;
        };
        /** @description Which platform to connect. */
        CreateConnectLinkRequest: {
            /** @description One of the platform's logins, where it has several; the usual one by default. */
            login?: string | null;
            /** @description One that people sign in to. */
            platform: components["schemas"]["SignInPlatform"];
        };
        /** @description A post that was just made. */
        CreatedPost: components["schemas"]["Post"] & {
            /** @description How many accounts it goes to. */
            accounts_count: number;
            /** @description What happened, for people. */
            message: string;
            /** @description What to call next. */
            next_step: string;
            /** @description Only for drafts: what to do with it. */
            next_steps?: {
                [key: string]: string;
            };
            /**
             * Format: uuid
             * @description The post's id, by an older name.
             */
            post_group_id: string;
        };
        /** @description Envelope of a post that was made. */
        CreatedPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["CreatedPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A webhook that was just made. */
        CreatedWebhook: components["schemas"]["Webhook"] & {
            /**
             * @description The key of the signatures, as a whole. Not shown again.
             * @example whsec_…
             */
            secret: string;
            /** @description Says so. */
            secret_warning: string;
        };
        /** @description Envelope of a webhook that was made. */
        CreatedWebhookEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["CreatedWebhook"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description A post to be made. Members that only answers carry are ignored, so that a fetched post can be
         *     sent back.
         */
        CreatePostRequest: {
            /** @description The accounts. Needed unless it is a draft. */
            account_ids?: number[] | null;
            /** @description Take it even where an account gets the same within 24 hours, on a server that refuses that. */
            allow_duplicate?: boolean | null;
            /**
             * Format: int64
             * @description The campaign. Has no effect on drafts.
             */
            campaign_id?: number | null;
            /** @description The text. Needed unless media or per-platform content carries the post. */
            content?: string | null;
            /** @description Save without publishing. */
            draft?: boolean | null;
            /** @description Media from the library, in order. */
            media_ids?: string[] | null;
            /** @description By platform: `content`, `contentType`, `settings`. */
            platform_content?: {
                [key: string]: components["schemas"]["PlatformContentEntry"];
            } | null;
            /** @description Publish at once: the same as leaving the time out. */
            publish_now?: boolean | null;
            /** @description Let it wait until somebody with a key that may approve has approved it. */
            request_approval?: boolean | null;
            /**
             * Format: date-time
             * @description When it goes out, in the future; without it, at once. A time without an offset is UTC.
             */
            scheduled_for?: string | null;
            /** @description Parts 2..n of a thread; `content` is part 1. */
            thread_posts?: string[] | null;
            /**
             * @description IANA time zone for display; `UTC` by default.
             * @example Europe/Berlin
             */
            timezone?: string | null;
            /** @description Take the next free slot of the posting queue. */
            use_queue?: boolean | null;
        };
        /** @description A webhook to be made. */
        CreateWebhookRequest: {
            /** @description What it is for. */
            description?: string | null;
            /** @description What it asks for. */
            events: components["schemas"]["EventName"][];
            /** @description What it is called. */
            name?: string | null;
            /**
             * Format: uri
             * @description The receiver: a public HTTPS address.
             * @example https://hooks.example.org/fanfare
             */
            url: string;
        };
        /**
         * @description Platforms that are connected by credentials.
         * @enum {string}
         */
        CredentialPlatform: "bluesky" | "telegram" | "discord" | "wordpress" | "mastodon";
        /** @description A campaign that is gone. */
        DeletedCampaign: {
            deleted: boolean;
            /** Format: int64 */
            id: number;
        };
        /** @description Envelope of a campaign that was deleted. */
        DeletedCampaignEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeletedCampaign"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Media that was deleted. */
        DeletedMedia: {
            deleted: boolean;
            /**
             * Format: uuid
             * @description The same.
             */
            id: string;
            /** Format: uuid */
            media_id: string;
            message: string;
        };
        /** @description Envelope of media that was deleted. */
        DeletedMediaEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeletedMedia"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A post that is gone. */
        DeletedPost: {
            deleted: boolean;
            /** Format: uuid */
            id: string;
            message: string;
            /** Format: uuid */
            post_id: string;
            /** @description What became of the copies on X, if they were to be removed. */
            x_deletion?: components["schemas"]["XDeletion"][];
        };
        /** @description Envelope of a deletion. */
        DeletedPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeletedPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A queue that is gone. */
        DeletedQueue: {
            deleted: boolean;
        };
        /** @description Envelope of a queue that was deleted. */
        DeletedQueueEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeletedQueue"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A webhook that is gone. */
        DeletedWebhook: {
            deleted: boolean;
            /** Format: uuid */
            id: string;
        };
        /** @description Envelope of a webhook that was deleted. */
        DeletedWebhookEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeletedWebhook"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Envelope of a delivery. */
        DeliveryEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["WebhookDelivery"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A page of the log. */
        DeliveryList: {
            deliveries: components["schemas"]["WebhookDelivery"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description Envelope of a webhook's log. */
        DeliveryListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeliveryList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryStatus: "pending" | "delivered" | "dead";
        /** @description One try. */
        DeliveryTry: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            duration_ms: number;
            /** @description Why it failed. */
            error: string | null;
            /**
             * Format: int32
             * @description The receiver's status; 0 when there was no HTTP answer.
             */
            status: number;
        };
        /** @description One post on one account. */
        Destination: {
            /** Format: int64 */
            account_id: number;
            account_name: string | null;
            /** Format: int32 */
            attempts: number;
            /** @description Why it failed, in a sentence. */
            error: string | null;
            /** @description A stable code of the failure, such as `token_expired` or `outcome_unknown`. */
            error_code: string | null;
            /**
             * Format: uuid
             * @description Null on a draft.
             */
            id: string | null;
            /** @description The same, by its older name. */
            last_error: string | null;
            /** @description Only in the answer to a retry: the status it was given. */
            new_status?: string;
            /** Format: date-time */
            next_retry_at: string | null;
            platform: string;
            platform_post_id: string | null;
            platform_post_url: string | null;
            /** Format: date-time */
            published_at: string | null;
            /** Format: date-time */
            scheduled_for: string | null;
            /**
             * Format: int64
             * @description The same, by its older name.
             */
            social_account_id: number;
            status: components["schemas"]["DestinationStatus"];
            /** @description What was published otherwise than asked. */
            warnings: string[];
        };
        /** @description What was tried for one destination. */
        DestinationAttempts: {
            /** @description Where it stands. */
            destination: components["schemas"]["Destination"];
            /** @description What happened, oldest first. */
            entries: components["schemas"]["AttemptEntry"][];
        };
        /** @description How a post did on one account. */
        DestinationReadings: {
            /** Format: int64 */
            account_id: number;
            account_name: string | null;
            /**
             * Format: uuid
             * @description Null on a draft.
             */
            destination_id: string | null;
            ended_reason: components["schemas"]["EndedReason"] | null;
            latest: components["schemas"]["PostReading"] | null;
            /** @description What to know about the status. */
            message: string | null;
            /** Format: date-time */
            next_reading_at: string | null;
            /** @example instagram */
            platform: string;
            platform_post_url: string | null;
            /** Format: date-time */
            published_at: string | null;
            /** @description All of them, oldest first. */
            readings: components["schemas"]["PostReading"][];
            status: components["schemas"]["ReadingStatus"];
        };
        /**
         * @description Where a destination stands.
         * @enum {string}
         */
        DestinationStatus: "queued" | "publishing" | "published" | "failed";
        /** @description The codes of a device that waits. */
        DeviceCode: {
            /** @description The device keeps it to itself and asks with it. */
            device_code: string;
            /**
             * Format: int64
             * @description Seconds until the codes end.
             */
            expires_in: number;
            /**
             * Format: int64
             * @description Seconds between two questions.
             */
            interval: number;
            /**
             * @description A person enters it.
             * @example KQ7M-2VXD
             */
            user_code: string;
            /** @description Where. */
            verification_uri: string;
            /** @description The same with the code filled in. */
            verification_uri_complete: string;
        };
        /** @description Envelope of a device's codes. */
        DeviceCodeEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeviceCode"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description What a waiting device can be told.
         * @enum {string}
         */
        DeviceState: "pending" | "slow_down" | "denied" | "expired" | "authorized";
        /** @description What a waiting device is told. */
        DeviceToken: {
            /** @description The key; only with `authorized`, and only once. */
            api_key?: string;
            /**
             * Format: uuid
             * @description The key's organization; only with `authorized`.
             */
            organization_id?: string;
            /** @description `pending`, `slow_down`, `denied`, `expired` or `authorized`. */
            status: components["schemas"]["DeviceState"];
            /** @description The key's owner; only with `authorized`. */
            user?: components["schemas"]["DeviceUser"];
        };
        /** @description Envelope of what a waiting device is told. */
        DeviceTokenEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DeviceToken"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description The owner of a device's key. */
        DeviceUser: {
            /** @description The address. */
            email: string;
        };
        /** @description Width and height in pixels. */
        Dimensions: {
            /** Format: int32 */
            height: number;
            /** Format: int32 */
            width: number;
        };
        /** @description An account that was disconnected. */
        DisconnectedAccount: {
            /** @description The account, switched off. */
            account: components["schemas"]["Account"];
            /** @description Always true. */
            disconnected: boolean;
            /** @description For people. */
            message: string;
        };
        /** @description Envelope of an account that was disconnected. */
        DisconnectedAccountEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["DisconnectedAccount"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description Why there are no more readings.
         * @enum {string}
         */
        EndedReason: "complete" | "post_gone" | "permission_missing" | "unreadable";
        /** @description The envelope of a failure. */
        ErrorEnvelope: {
            /** @description Always null. */
            data: null;
            /** @description What went wrong. */
            error: components["schemas"]["ErrorInfo"];
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What went wrong. */
        ErrorInfo: {
            /**
             * @description Stable, snake_case.
             * @enum {string}
             */
            code: "validation_error" | "invalid_json" | "invalid_field_name" | "content_too_long" | "post_creation_failed" | "past_schedule_time" | "invalid_accounts" | "invalid_timezone" | "media_not_ready" | "invalid_credentials" | "unauthorized" | "insufficient_scope" | "forbidden" | "insufficient_credits" | "quota_exceeded" | "not_found" | "method_not_allowed" | "conflict" | "duplicate_post" | "permanent_failure_circuit_breaker" | "idempotency_key_in_use" | "idempotency_key_reused" | "bulk_limit_exceeded" | "payload_too_large" | "file_too_large" | "media_in_use" | "upload_refused" | "unsupported_media_type" | "rate_limit_exceeded" | "service_unavailable" | "internal_error";
            /** @description Facts that depend on the code, such as `field` or `validation_errors`. */
            details?: Record<string, unknown>;
            /** @description For people. */
            message: string;
            /** @description Whether the same request may work later. */
            retryable: boolean;
        };
        /** @description Something that happened. */
        Event: {
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /** @description The facts, which depend on `event`. */
            data: Record<string, unknown>;
            /**
             * @description What.
             * @example post.published
             */
            event: string;
            /**
             * Format: uuid
             * @description The same in every delivery and on every page.
             */
            event_id: string;
            /**
             * Format: uuid
             * @description Where.
             */
            organization_id: string;
        };
        /** @description A page of what happened. */
        EventList: {
            /**
             * Format: uuid
             * @description Send it as `after` to go on from here.
             */
            cursor: string;
            /** @description The oldest first. */
            events: components["schemas"]["Event"][];
            /** @description Whether more is there already. */
            has_more: boolean;
        };
        /** @description Envelope of what happened. */
        EventListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["EventList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description What a webhook may ask for.
         * @enum {string}
         */
        EventName: "post.scheduled" | "post.publishing" | "post.published" | "post.failed" | "post.partially_failed" | "post.updated" | "post.deleted" | "post.approval_requested" | "post.approved" | "post.changes_requested" | "account.connected" | "account.disconnected" | "account.reconnect_needed" | "media.uploaded" | "media.deleted";
        /** @description An account's followers at a moment. */
        FollowerReading: {
            /** Format: int64 */
            followers: number;
            /** Format: date-time */
            read_at: string;
        };
        /** @description What captions shall be like. */
        GenerateCaptionRequest: {
            /**
             * Format: int32
             * @description How many; 1 by default.
             */
            count?: number | null;
            /** @description Yes by default. */
            include_emojis?: boolean | null;
            /** @description Yes by default. */
            include_hashtags?: boolean | null;
            /** @description About 80, 180 (the default) or 400 characters. */
            length?: ("short" | "medium" | "long") | null;
            /** @description The platform, which sets the longest length and how many hashtags there are. */
            platform?: ("instagram" | "facebook" | "x" | "twitter" | "linkedin" | "youtube" | "tiktok" | "threads" | "pinterest" | "bluesky" | "wordpress") | null;
            /** @description `professional` by default. */
            tone?: ("professional" | "casual" | "witty" | "enthusiastic" | "urgent" | "inspirational") | null;
            /** @description What the post is about. */
            topic: string;
        };
        /** @description Captions, and what they cost. */
        GeneratedCaptions: {
            captions: string[];
            /** Format: int32 */
            count_requested: number;
            count_returned: number;
            /** Format: int64 */
            credits_remaining: number;
            /** Format: int64 */
            credits_used: number;
            length: string;
            platform: string | null;
            tone: string;
        };
        /** @description Envelope of captions. */
        GeneratedCaptionsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["GeneratedCaptions"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A picture that was made, and what it cost. */
        GeneratedImage: {
            ai: components["schemas"]["MadeBy"];
            aspect_ratio: string;
            /** Format: date-time */
            created_at: string;
            /** Format: int64 */
            credits_remaining: number;
            /** Format: int64 */
            credits_used: number;
            /** Format: int32 */
            height: number | null;
            /** Format: uuid */
            media_id: string;
            media_ids: string[];
            message: string;
            model: string;
            /** @description What to do with it. */
            next_step: string;
            /** @description Always `image`. */
            type: string;
            /** Format: int32 */
            width: number | null;
        };
        /** @description Envelope of a picture. */
        GeneratedImageEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["GeneratedImage"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What a picture shall be like. */
        GenerateImageRequest: {
            /** @description Width to height; `1:1` by default. */
            aspect_ratio?: ("1:1" | "16:9" | "9:16" | "4:3" | "3:4" | "4:5" | "5:4") | null;
            /**
             * @description `nano-banana-pro` (15 credits, the default), `ideogram-v2` (8), `gemini-3-pro` (5) or
             *     `flux-schnell` (1).
             */
            model?: ("nano-banana-pro" | "ideogram-v2" | "gemini-3-pro" | "flux-schnell") | null;
            /** @description What it shows. */
            prompt: string;
        };
        /** @description An account's health in short. */
        Health: {
            /** @description Whether a post has a chance. */
            can_post: boolean;
            /** @description `healthy`, `expired` or `unhealthy`. */
            status: components["schemas"]["ShortHealth"];
        };
        /** @description An account's health with the reason. */
        HealthDetail: {
            /** @description Whether a post has a chance. */
            can_post: boolean;
            /** @description What is wrong, in a sentence. */
            message: string | null;
            /** @description Whether the owner has to connect it again. */
            needs_reconnection: boolean;
            /** @description `healthy`, `expired` or `unhealthy`. */
            status: components["schemas"]["ShortHealth"];
        };
        /** @description What images must be like. */
        Image: {
            formats: string[];
            /** Format: double */
            maxAspectRatio?: number | null;
            /** Format: int32 */
            maxCount: number;
            /** Format: int32 */
            maxHeight?: number | null;
            /** Format: double */
            maxSizeMB?: number | null;
            /** Format: int32 */
            maxWidth?: number | null;
            /** Format: double */
            minAspectRatio?: number | null;
            /** Format: int32 */
            minHeight?: number | null;
            /** Format: int32 */
            minWidth?: number | null;
        };
        /** @description An item that was or is being fetched from an address. */
        ImportedMedia: components["schemas"]["Media"] & {
            next_step: string;
        };
        /** @description Envelope of an import. */
        ImportedMediaEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ImportedMedia"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What became of a file. */
        ImportedPosts: {
            /** @description Made by an earlier import, or the post that the row was made of. */
            already_there: number;
            /** @description Made, or to be made if this was a dry run. */
            created: number;
            /** @description Whether nothing was made, only looked at. */
            dry_run: boolean;
            /** @description What the file was taken for. */
            format: components["schemas"]["ImportFormat"];
            /** @description Not made; `errors` say why. */
            refused: number;
            /** @description One entry for each post of the file, in its order. */
            results: components["schemas"]["ImportedRow"][];
            /**
             * Format: int64
             * @description When to send the file again for what waits, in seconds; null if nothing does.
             */
            retry_after: number | null;
            /** @description No posts that are still to go out. */
            skipped: number;
            total: number;
            /** @description To be sent again: their media are on the way, or a limit is reached. */
            waiting: number;
        };
        /** @description Envelope of what became of a file. */
        ImportedPostsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ImportedPosts"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What became of one post of a file. */
        ImportedRow: {
            account_ids: number[];
            /** @description Why it was not made. */
            errors: components["schemas"]["RowError"][];
            /** @description What is not carried over, and what was decided, in sentences. */
            notes: string[];
            outcome: components["schemas"]["ImportOutcome"];
            /**
             * Format: uuid
             * @description The post, if there is one.
             */
            post_id: string | null;
            /** @description The row of a table, where the first row has the names, or the place in a list, from 1. */
            row: number;
            /** Format: date-time */
            scheduled_for: string | null;
            /** @description `draft` or `scheduled`, of a post that is made. */
            status: string | null;
        };
        /**
         * @description What a file is.
         * @enum {string}
         */
        ImportFormat: "csv" | "json" | "postiz" | "mixpost";
        /** @description A file at a public address. */
        ImportMediaRequest: {
            /** @description Its name; the last part of the address by default. */
            filename?: string | null;
            /** @description Where it is, on the public internet. */
            url: string;
        };
        /**
         * @description What became of one post of a file.
         * @enum {string}
         */
        ImportOutcome: "created" | "would_be_created" | "already_there" | "skipped" | "waiting" | "refused";
        /** @description None of the posts could be made, or the request as a whole was refused. */
        ImportRefused: components["schemas"]["ImportedPostsEnvelope"] | components["schemas"]["ErrorEnvelope"];
        /**
         * @description The long health states.
         * @enum {string}
         */
        LongHealth: "healthy" | "warning" | "broken";
        /** @description Which model made a picture, and of what. */
        MadeBy: {
            model: string;
            prompt: string;
        };
        /** @description Who the caller is. */
        Me: {
            api_key: components["schemas"]["ApiKey"];
            organization: components["schemas"]["Organization"];
            quota: components["schemas"]["Quota"];
            scopes: string[];
            stats: components["schemas"]["Stats"];
            user: components["schemas"]["User"];
            workspace: components["schemas"]["Workspace"];
        };
        /** @description A library item. */
        Media: {
            /**
             * Format: double
             * @description Width divided by height.
             */
            aspect_ratio: number | null;
            content_type: string;
            /** Format: date-time */
            created_at: string;
            dimensions: components["schemas"]["Dimensions"] | null;
            /**
             * Format: double
             * @description Seconds, of a video.
             */
            duration: number | null;
            /** @description Why it failed. */
            error_message: string | null;
            /**
             * Format: int64
             * @description The same.
             */
            file_size: number | null;
            filename: string;
            /** Format: int32 */
            height: number | null;
            /**
             * Format: uuid
             * @description The same.
             */
            id: string;
            /** Format: uuid */
            media_id: string;
            /** @description The same in a list, as posts take it. */
            media_ids: string[];
            /** @description The same. */
            media_status: components["schemas"]["MediaStatus"];
            /** @description The same. */
            media_type: components["schemas"]["MediaKind"];
            /** @description The same. */
            mime_type: string;
            /** @description `landscape`, `portrait` or `square`. */
            orientation: string | null;
            /** @description The same. */
            original_name: string;
            /**
             * Format: int64
             * @description Bytes; null while it is not known.
             */
            size: number | null;
            /** @description Where it was fetched from. */
            source_url: string | null;
            status: components["schemas"]["MediaStatus"];
            /** @description The same for a small picture of it. */
            thumbnail_url: string | null;
            type: components["schemas"]["MediaKind"];
            /** @description The same. */
            upload_status: components["schemas"]["MediaStatus"];
            /** @description Where the file can be fetched without a key, for a day from now; null until it is ready. */
            url: string | null;
            /** Format: int32 */
            width: number | null;
        };
        /**
         * @description What is done to a media file.
         * @enum {string}
         */
        MediaAction: "untouched" | "convert" | "refused";
        /** @description Envelope of a library item. */
        MediaEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Media"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description What a file is.
         * @enum {string}
         */
        MediaKind: "image" | "video" | "document";
        /** @description A page of the library. */
        MediaList: {
            items: components["schemas"]["Media"][];
            /** @description The same. */
            media: components["schemas"]["Media"][];
            /** @description The ids in the same order. */
            media_ids: string[];
            pagination: components["schemas"]["Pagination"];
            /** Format: int64 */
            total: number;
        };
        /** @description Envelope of the media list. */
        MediaListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["MediaList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /**
         * @description Where an item stands.
         * @enum {string}
         */
        MediaStatus: "uploading" | "processing" | "ready" | "failed";
        /** @description Envelope of the caller. */
        MeEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Me"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description When and under which id a request was answered. */
        Meta: {
            /**
             * @description Quote it when you ask for help; also the header `x-request-id`.
             * @example 7c1e09ab
             */
            request_id: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC with milliseconds.
             */
            timestamp: string;
        };
        /** @description What people did with what is published. */
        MetricSums: {
            /** Format: int64 */
            clicks: number;
            /** Format: int64 */
            comments: number;
            /** Format: int64 */
            impressions: number;
            /** Format: int64 */
            likes: number;
            /** Format: int64 */
            shares: number;
            /** Format: int64 */
            views: number;
        };
        /** @description When it is that time next. */
        NextTime: {
            /** @example 2026-10-06 */
            date: string;
            /**
             * Format: date-time
             * @description The same moment in UTC.
             */
            scheduled_for: string;
            /** @example 09:00 */
            time: string;
        };
        /** @description The organization. */
        Organization: {
            /** @description Whether posts of keys without the scope `approve` wait for an approval. */
            approvals_required: boolean;
            cancel_at_period_end: boolean;
            /** Format: date-time */
            current_period_end: string | null;
            /** @description Whether the organization may post. */
            entitled: boolean;
            /** Format: uuid */
            id: string;
            name: string;
            subscription_plan: string;
            subscription_source: string;
            subscription_status: string;
            /** Format: date-time */
            trial_end: string | null;
        };
        /** @description Where a page stands in the whole. */
        Pagination: {
            has_more: boolean;
            /** Format: int32 */
            limit: number;
            /**
             * @description For `cursor`, to get the page after this one; null on the last page. Unlike an offset it stays
             *     right while things are added.
             */
            next_cursor?: string | null;
            /** Format: int64 */
            offset: number;
            /** Format: int64 */
            total: number;
        };
        /**
         * @description A period's name.
         * @enum {string}
         */
        PeriodName: "today" | "week" | "month" | "all" | "custom";
        /** @description When a period begins and ends. */
        PeriodRange: {
            /**
             * Format: date-time
             * @description Null for `all`.
             */
            from: string | null;
            /** Format: date-time */
            to: string;
        };
        /** @description What a platform takes. */
        Platform: {
            /** @description Fields of a blog post; only where posts are articles. */
            blog?: components["schemas"]["Blog"];
            /**
             * Format: int32
             * @description The limit of a text, in the platform's own counting.
             */
            characterLimit: number;
            features: string[];
            media: components["schemas"]["PlatformMedia"];
        };
        /** @description What a post is like on one platform. */
        PlatformContentEntry: {
            /** @description Replaces the text there. */
            content?: string | null;
            /** @description `Post`, `Reels`, `Story` and others, as the platform has them. */
            contentType?: string | null;
            /** @description The platform's settings. Unknown ones are kept and have no effect. */
            settings?: Record<string, unknown> | null;
        };
        /** @description Destinations of one platform. */
        PlatformCounts: {
            /** Format: int64 */
            failed: number;
            /** @example instagram */
            platform: string;
            /** Format: int64 */
            published: number;
            /**
             * Format: int64
             * @description Those that wait for their time or are going out.
             */
            scheduled: number;
            /** Format: int64 */
            total: number;
        };
        /** @description Media that a platform takes; null for none. */
        PlatformMedia: {
            image: components["schemas"]["Image"] | null;
            video: components["schemas"]["Video"] | null;
        };
        /** @description What each platform takes, by platform name. */
        PlatformRules: {
            platforms: {
                [key: string]: components["schemas"]["Platform"];
            };
        };
        /** @description Envelope of the platform rules. */
        PlatformRulesEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["PlatformRules"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Which device asks. */
        PollDeviceLoginRequest: {
            /** @description From `/auth/device`. */
            device_code: string;
        };
        /** @description A post. */
        Post: {
            account_ids: number[];
            approval: components["schemas"]["PostApproval"];
            /** Format: int64 */
            campaign_id: number | null;
            content: string;
            /** Format: date-time */
            created_at: string;
            destinations: components["schemas"]["Destination"][];
            /**
             * Format: uuid
             * @description The same.
             */
            id: string;
            media: components["schemas"]["PostMedia"][];
            media_ids: string[];
            platform_content: {
                [key: string]: components["schemas"]["PlatformContentEntry"];
            };
            /** Format: uuid */
            post_id: string;
            /** @description The same. */
            post_status: components["schemas"]["PostStatus"];
            /** Format: date-time */
            scheduled_for: string | null;
            /** @description Derived from the destinations. */
            status: components["schemas"]["PostStatus"];
            /** @description Parts 2..n of a thread. */
            thread_posts?: string[];
            /** @description Display only; it never moves the moment of publishing. */
            timezone: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Where the approval of a post stands, and who took the last step. */
        PostApproval: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string | null;
            by: components["schemas"]["ApprovalActor"] | null;
            /** @description What they said. */
            note: string | null;
            state: components["schemas"]["ApprovalState"];
        };
        /** @description What was tried for each destination of a post. */
        PostAttempts: {
            /** @description One for each account, in the order given. A draft has none. */
            destinations: components["schemas"]["DestinationAttempts"][];
            /** Format: uuid */
            post_id: string;
        };
        /** @description Envelope of what was tried for a post. */
        PostAttemptsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["PostAttempts"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Posts by status. */
        PostCounts: {
            /** Format: int64 */
            draft: number;
            /** Format: int64 */
            failed: number;
            /** Format: int64 */
            partially_failed: number;
            /** Format: int64 */
            published: number;
            /** Format: int64 */
            publishing: number;
            /** Format: int64 */
            scheduled: number;
            /** Format: int64 */
            total: number;
        };
        /** @description Envelope of a post. */
        PostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Post"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A page of posts. */
        PostList: {
            /**
             * Format: int32
             * @description The same as in `pagination`, for older clients.
             */
            limit: number;
            /**
             * Format: int64
             * @description The same as in `pagination`, for older clients.
             */
            offset: number;
            pagination: components["schemas"]["Pagination"];
            posts: components["schemas"]["Post"][];
            /**
             * Format: int64
             * @description The same as in `pagination`, for older clients.
             */
            total: number;
        };
        /** @description Envelope of a list of posts. */
        PostListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["PostList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A media file of a post. */
        PostMedia: {
            /**
             * Format: double
             * @description Seconds, of a video.
             */
            duration: number | null;
            /** Format: int32 */
            height: number | null;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            media_id: string;
            /** @description `image`, `video` or `document`. */
            type: string;
            /** @description Signed, and good for a day at least. */
            url: string;
            /** Format: int32 */
            width: number | null;
        };
        /** @description How a post did over time. */
        PostMetrics: {
            /** @description One for each account, in the order given. */
            destinations: components["schemas"]["DestinationReadings"][];
            /** Format: uuid */
            post_id: string;
        };
        /** @description Envelope of how a post did. */
        PostMetricsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["PostMetrics"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description The numbers of a post at a moment. Null is what the platform does not tell. */
        PostReading: {
            /**
             * Format: int64
             * @description How old the post was to be at this reading.
             * @example 24
             */
            age_hours: number;
            /** Format: int64 */
            clicks: number | null;
            /** Format: int64 */
            comments: number | null;
            /** Format: int64 */
            impressions: number | null;
            /** Format: int64 */
            likes: number | null;
            /**
             * Format: date-time
             * @description When it was taken.
             */
            read_at: string;
            /** Format: int64 */
            shares: number | null;
            /** Format: int64 */
            views: number | null;
        };
        /**
         * @description Where a post stands.
         * @enum {string}
         */
        PostStatus: "draft" | "scheduled" | "publishing" | "published" | "partially_failed" | "failed";
        /** @description A posting queue. */
        Queue: {
            name: string;
            /** @description From Monday on. */
            slots: components["schemas"]["QueueSlot"][];
            /**
             * @description The IANA zone that the slots are times of.
             * @example Europe/Berlin
             */
            timezone: string;
        };
        /** @description A posting queue and its next free slots. */
        QueueForecast: {
            /** @description Whether fewer slots are free within a year than were asked for. */
            exhausted: boolean;
            /** @description The same in words. */
            message: string;
            queue: components["schemas"]["Queue"] | null;
            /** @description Free slots, the next one first. A forecast: nothing is reserved. */
            upcoming: components["schemas"]["QueueOpening"][];
        };
        /** @description Envelope of the posting queue. */
        QueueForecastEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["QueueForecast"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A free slot. */
        QueueOpening: {
            /**
             * @description In the queue's time zone.
             * @example 2026-10-03
             */
            date: string;
            /**
             * Format: date-time
             * @description The same moment in UTC.
             */
            scheduled_for: string;
            /**
             * @description In the queue's time zone.
             * @example 09:00
             */
            time: string;
        };
        /** @description A time of the week. */
        QueueSlot: {
            /**
             * Format: int32
             * @description 1 is Monday, 7 is Sunday.
             */
            day: number;
            /**
             * @description In the queue's time zone.
             * @example 09:30
             */
            time: string;
        };
        /** @description What is used of what is allowed. 9007199254740991 stands for "no limit": who runs the server decides. */
        Quota: {
            accounts: components["schemas"]["Used"];
            ai_credits: components["schemas"]["AiCredits"];
            posts_per_day: components["schemas"]["Used"] | null;
            storage_bytes: components["schemas"]["Used"];
            team_seats: components["schemas"]["Seats"];
        };
        /** @description The times that readings are shown of. */
        ReadingRange: {
            /**
             * Format: date-time
             * @description Null without `from`.
             */
            from: string | null;
            /** Format: date-time */
            to: string;
        };
        /**
         * @description Where readings stand.
         * @enum {string}
         */
        ReadingStatus: "not_published" | "reading" | "ended" | "not_offered";
        /** @description A time of the week. */
        RecommendedSlot: {
            basis: components["schemas"]["BasisName"];
            /** @example Tue 09:00 */
            label: string;
            next: components["schemas"]["NextTime"];
        };
        /** @description Times for one account, for a platform, or for several accounts. */
        RecommendedTimes: {
            /** Format: int64 */
            account_id?: number;
            /** @description What they rest on, in words. */
            note: string;
            /** @description `all` where accounts of several platforms are taken together. */
            platform: string;
            /** @description The best first. */
            slots: components["schemas"]["RecommendedSlot"][];
        };
        /** @description A delivery that goes out again. */
        ReplayedDelivery: components["schemas"]["WebhookDelivery"] & {
            /**
             * Format: uuid
             * @description The one that it repeats.
             */
            replay_of: string;
        };
        /** @description Envelope of a delivery that goes out again. */
        ReplayedDeliveryEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ReplayedDelivery"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What is said with it. */
        RequestApprovalRequest: {
            /** @description For whoever approves. */
            note?: string | null;
        };
        /** @description What is to be changed. */
        RequestChangesRequest: {
            /** @description For the author. */
            note: string;
        };
        /** @description What is tried again. */
        RequeuedDeliveries: {
            message: string;
            /** Format: int64 */
            requeued_count: number;
        };
        /** @description Envelope of what is tried again. */
        RequeuedDeliveriesEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["RequeuedDeliveries"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description A destination that was queued again. */
        RequeuedDestination: {
            /** Format: int64 */
            account_id: number;
            /** Format: uuid */
            destination_id: string;
            /**
             * Format: uuid
             * @description The same.
             */
            id: string;
            new_status: components["schemas"]["DestinationStatus"];
            platform: string;
            /** Format: uuid */
            post_id: string;
        };
        /** @description Which deliveries are to be tried again. */
        RequeueDeliveriesRequest: {
            /** @description These; all that were given up when it is left out. */
            delivery_ids?: string[] | null;
        };
        /**
         * @description What a person saw on the platform.
         * @enum {string}
         */
        ResolvedOutcome: "published" | "not_published";
        /** @description What a person said of a destination. */
        ResolvedPost: {
            /** @description As it stands now. */
            destination: components["schemas"]["Destination"];
            message: string;
            /** Format: uuid */
            post_id: string;
        };
        /** @description Envelope of an outcome that a person told. */
        ResolvedPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ResolvedPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What became of a post on one account. */
        ResolvePostRequest: {
            /**
             * Format: int64
             * @description The account whose outcome is unknown.
             */
            account_id: number;
            outcome: components["schemas"]["ResolvedOutcome"];
            /** @description The platform's id of it. Without one, its numbers are not read. */
            platform_post_id?: string;
            /**
             * @description Where it is live; needed with `published`.
             * @example https://x.com/you/status/1
             */
            platform_post_url?: string;
        };
        /** @description What became of a post. */
        Results: {
            /** @description What waits for an approval is not going out. */
            approval: components["schemas"]["PostApproval"];
            content: string;
            /** Format: uuid */
            post_id: string;
            /** @description Derived from the destinations. */
            post_status: components["schemas"]["PostStatus"];
            /** @description One entry per account. */
            results: components["schemas"]["Destination"][];
            /** Format: date-time */
            scheduled_for: string | null;
        };
        /** @description Envelope of a post's results. */
        ResultsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Results"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What was queued again. */
        RetriedPost: {
            destinations: components["schemas"]["Destination"][];
            message: string;
            next_step: string;
            /** Format: uuid */
            post_id: string;
            /** @description The same, by its older name. */
            retried: number;
            retried_count: number;
        };
        /** @description Envelope of a retry. */
        RetriedPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["RetriedPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What was queued again. */
        RetriedPosts: {
            destinations: components["schemas"]["RequeuedDestination"][];
            /** @description What happened, for people. */
            message: string;
            retried_count: number;
        };
        /** @description Envelope of a retry over many posts. */
        RetriedPostsEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["RetriedPosts"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Which failed destinations; at least one member beside `max_attempts`. */
        RetryFailedRequest: {
            /**
             * Format: int64
             * @description On this account.
             */
            account_id?: number | null;
            /**
             * Format: date-time
             * @description Failed at or after.
             */
            failed_after?: string | null;
            /**
             * Format: date-time
             * @description Failed at or before.
             */
            failed_before?: string | null;
            /**
             * Format: int64
             * @description Leaves out destinations with as many attempts or more.
             */
            max_attempts?: number | null;
            /** @description On this platform. */
            platform?: string | null;
            /** @description Of these posts. */
            post_ids?: string[] | null;
        };
        /** @description Which accounts to retry. */
        RetryPostRequest: {
            /** @description Only these; all failed ones by default. */
            account_ids?: number[] | null;
        };
        /** @description Why a row is refused. */
        RowError: {
            /**
             * Format: int64
             * @description The account that would refuse it, where it is one.
             */
            account_id: number | null;
            /** @description A code of errors, or of `validation_errors` where a platform would refuse it. */
            code: string;
            /** @description The column or member, where it is one. */
            field: string | null;
            /** @description For people. */
            message: string;
            /** @description Whether the same row may be taken later. */
            retryable: boolean;
        };
        /** @description A draft that was scheduled. */
        ScheduledPost: components["schemas"]["Post"] & {
            message: string;
            /** @description Whether it goes out at once. */
            publish_now: boolean;
        };
        /** @description Envelope of a draft that was scheduled. */
        ScheduledPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ScheduledPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description When a draft is to go out: exactly one of `scheduled_for` and `publish_now`. */
        SchedulePostRequest: {
            /** @description Replaces the draft's accounts; needed if it has none. */
            account_ids?: number[] | null;
            /** @description Take it even where an account gets the same within 24 hours, on a server that refuses that. */
            allow_duplicate?: boolean | null;
            /** @description At once. */
            publish_now?: boolean | null;
            /** @description Let it wait until somebody with a key that may approve has approved it. */
            request_approval?: boolean | null;
            /**
             * Format: date-time
             * @description At least one minute ahead.
             */
            scheduled_for?: string | null;
            /** @description IANA time zone for display. */
            timezone?: string | null;
        };
        /** @description Seats of the team. */
        Seats: {
            /** Format: int64 */
            limit: number;
        };
        /** @description A queue, or what to change in one; at least one member. A new queue needs `slots`. */
        SetQueueRequest: {
            /** @description Its name; `Posting queue` by default. */
            name?: string | null;
            /** @description All slots of the week; they replace those that are there. */
            slots?: components["schemas"]["QueueSlot"][] | null;
            /**
             * @description The IANA zone that the slots are times of; `UTC` by default.
             * @example Europe/Berlin
             */
            timezone?: string | null;
        };
        /**
         * @description The short health states.
         * @enum {string}
         */
        ShortHealth: "healthy" | "expired" | "unhealthy";
        /**
         * @description Platforms that people sign in to.
         * @enum {string}
         */
        SignInPlatform: "instagram" | "facebook" | "x" | "linkedin" | "youtube" | "tiktok" | "threads" | "pinterest";
        /** @description A way through a platform's sign-in. */
        SocialConnect: {
            /** @description What the owner opens. */
            authorize_url: string;
            /**
             * Format: int64
             * @description Seconds until it ends.
             */
            expires_in: number;
            /**
             * Format: int32
             * @description Seconds between two questions.
             */
            interval: number;
            /**
             * Format: uuid
             * @description Ask for it under `/auth/social-connect/poll/{session_id}`.
             */
            session_id: string;
        };
        /** @description Envelope of a connect session. */
        SocialConnectEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["SocialConnect"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description Where a connect session stands. */
        SocialConnectState: {
            /** @description The first account that was connected; only with `completed`. */
            account?: components["schemas"]["Account"];
            /** @description All of them. */
            accounts: components["schemas"]["Account"][];
            /** @description Why nothing was connected, where that is so. */
            message: string | null;
            /** @description `pending`, `expired`, `cancelled` or `completed`. */
            status: components["schemas"]["ConnectState"];
        };
        /** @description Envelope of a connect session's state. */
        SocialConnectStateEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["SocialConnectState"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description What to connect. */
        StartSocialConnectRequest: {
            /**
             * Format: int64
             * @description The account to renew, with `reconnect`.
             */
            account_id?: number | null;
            mode?: components["schemas"]["ConnectMode"] | null;
            /** @description One that people sign in to. */
            platform: components["schemas"]["SignInPlatform"];
        };
        /** @description How much was posted. */
        Stats: {
            /** Format: int64 */
            posts_last_30d: number;
            /** Format: int64 */
            total_posts: number;
        };
        /**
         * @description How long steps of time are.
         * @enum {string}
         */
        StepName: "day" | "week" | "month";
        /** @description How a receiver took a test. */
        TestedWebhook: {
            /** Format: int64 */
            duration_ms: number;
            /** @description Why it did not. */
            error: string | null;
            /** @description What happened, for people. */
            message: string;
            /** @description Whether it took it. */
            ok: boolean;
            /**
             * Format: int32
             * @description Its status; 0 when there was no HTTP answer.
             */
            status: number;
        };
        /** @description Envelope of a test. */
        TestedWebhookEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["TestedWebhook"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description An account's token. */
        TokenReport: {
            expired: boolean;
            /** Format: date-time */
            expires_at: string | null;
            expiring_soon: boolean;
            /** Format: date-time */
            last_refresh: string | null;
        };
        /** @description What to change in a campaign; at least one member. */
        UpdateCampaignRequest: {
            /** @description Another colour. */
            color?: string | null;
            /** @description Another description; null for none. */
            description?: string | null;
            /** @description Another name. */
            name?: string | null;
            status?: components["schemas"]["CampaignState"] | null;
        };
        /** @description What to change in a post; at least one member. */
        UpdatePostRequest: {
            /** @description Replaces the accounts. */
            account_ids?: number[] | null;
            /** @description Take it even where an account gets the same within 24 hours, on a server that refuses that. */
            allow_duplicate?: boolean | null;
            /**
             * Format: int64
             * @description Moves it into another campaign; null for none. Has no effect on drafts.
             */
            campaign_id?: number | null;
            /** @description Replaces the text. */
            content?: string | null;
            /** @description Replaces the whole media set. */
            media_ids?: string[] | null;
            /** @description Merged into what is there. */
            platform_content?: {
                [key: string]: components["schemas"]["PlatformContentEntry"];
            } | null;
            /** @description Let it wait until somebody with a key that may approve has approved it. */
            request_approval?: boolean | null;
            /**
             * Format: date-time
             * @description Moves it; in the future.
             */
            scheduled_for?: string | null;
            /** @description Replaces the further parts. */
            thread_posts?: string[] | null;
            /** @description IANA time zone for display. */
            timezone?: string | null;
        };
        /** @description What to change in a webhook; at least one member. */
        UpdateWebhookRequest: {
            /** @description Another description; null for none. */
            description?: string | null;
            /** @description Replaces what it asks for. */
            events?: components["schemas"]["EventName"][] | null;
            /** @description Switches it on or off. Switching it on clears its failures and sends what waits at once. */
            is_active?: boolean | null;
            /** @description Another name; null for none. */
            name?: string | null;
            /**
             * Format: uri
             * @description Another receiver. What waits is sent there, beginning at once.
             */
            url?: string | null;
        };
        /** @description How the bytes are to be sent. A raw PUT and a form are both taken, whatever this says. */
        UploadMethod: {
            content_type: string;
            /** @description The field of the form that holds the file; null for a raw body. */
            field_name: string | null;
            method: string;
        };
        /** @description Used and allowed. */
        Used: {
            /** Format: int64 */
            limit: number;
            /** Format: int64 */
            used: number;
        };
        /** @description The key's owner. */
        User: {
            email: string;
            /** Format: int64 */
            id: number;
            name: string;
        };
        /** @description What would become of a post on one account. */
        ValidatedDestination: {
            /** Format: int64 */
            account_id: number;
            account_name: string;
            /** @description Why its platform would refuse it. */
            errors: components["schemas"]["ValidationEntry"][];
            /**
             * Format: int32
             * @description How long the text is, as the platform counts.
             */
            length: number;
            /**
             * Format: int32
             * @description How long it may be on this account.
             */
            limit: number;
            /** @description The media, in order. */
            media: components["schemas"]["ValidatedMedia"][];
            platform: string;
            /** @description Whether its platform would take it, as far as that is certain. */
            valid: boolean;
            /** @description What would go out otherwise than asked, in sentences. */
            warnings: string[];
        };
        /** @description What would become of a media file on one account. */
        ValidatedMedia: {
            action: components["schemas"]["MediaAction"];
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            media_id: string;
            /** @description How it is converted, or why not, in a sentence. */
            note: string | null;
        };
        /** @description What would become of a post. */
        ValidatedPost: {
            /** @description Account by account. */
            destinations: components["schemas"]["ValidatedDestination"][];
            /** @description Whether `POST /posts` would take it. */
            valid: boolean;
        };
        /** @description Envelope of what would become of a post. */
        ValidatedPostEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["ValidatedPost"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description One reason why a platform would refuse a post. */
        ValidationEntry: {
            /** Format: int64 */
            account_id: number;
            /** @description Stable, snake_case. */
            code: string;
            /** @description The field's name in the request. */
            field: string;
            /** @description For people. */
            message: string;
            platform: string;
        };
        /** @description What videos must be like. */
        Video: {
            formats: string[];
            /** Format: double */
            maxAspectRatio?: number | null;
            /** Format: int32 */
            maxCount: number;
            /** Format: double */
            maxDurationSec?: number | null;
            /** Format: double */
            maxSizeMB?: number | null;
            /** Format: double */
            minAspectRatio?: number | null;
            /** Format: double */
            minDurationSec?: number | null;
        };
        /** @description A webhook. */
        Webhook: {
            /**
             * Format: date-time
             * @description When it was switched off because of them, or because the receiver answered 410.
             */
            auto_disabled_at: string | null;
            /**
             * Format: int32
             * @description Tries in a row that failed; at 20 it is switched off.
             */
            consecutive_failures: number;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            events: components["schemas"]["EventName"][];
            /** Format: uuid */
            id: string;
            is_active: boolean;
            /** Format: date-time */
            last_delivery_at: string | null;
            /** Format: date-time */
            last_failure_at: string | null;
            /** Format: date-time */
            last_success_at: string | null;
            name: string | null;
            /** Format: date-time */
            updated_at: string;
            url: string;
        };
        /** @description An event on its way to a webhook. */
        WebhookDelivery: {
            /**
             * Format: int32
             * @description Tries in all.
             */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description The event's own data. */
            data: Record<string, unknown>;
            /**
             * Format: date-time
             * @description When it was taken or given up.
             */
            ended_at: string | null;
            /** @description The event's name; `webhook.test` for a test. */
            event: string;
            /**
             * Format: date-time
             * @description When the event happened.
             */
            event_created_at: string;
            /**
             * Format: uuid
             * @description The same at every delivery of the event.
             */
            event_id: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            next_try_at: string | null;
            status: components["schemas"]["DeliveryStatus"];
            /** @description Each try, oldest first. */
            tries: components["schemas"]["DeliveryTry"][];
        };
        /** @description Envelope of a webhook. */
        WebhookEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["Webhook"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description The organization's webhooks. */
        WebhookList: {
            webhooks: components["schemas"]["Webhook"][];
        };
        /** @description Envelope of the list of webhooks. */
        WebhookListEnvelope: {
            /** @description What was asked for. */
            data: components["schemas"]["WebhookList"];
            /** @description Always null. */
            error: null;
            /** @description About the answer. */
            meta: components["schemas"]["Meta"];
        };
        /** @description The workspace that the key works in. */
        Workspace: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description What became of a copy on X. */
        XDeletion: {
            /** Format: int64 */
            account_id: number;
            /** @description Whether nothing of it is live any more. */
            deleted: boolean;
            /** @description The ids of the parts that were removed. */
            deleted_parts: string[];
            /** Format: uuid */
            destination_id: string;
            /** @description Why something of it is still live. */
            error: string | null;
            /** @description X's id of the post, of its first part if it is a thread. */
            platform_post_id: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountListEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    disconnect_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisconnectedAccountEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_account_health: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountHealthEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_account_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountLimitsEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_account_metrics: {
        parameters: {
            query?: {
                /** @description Readings of this time and later; all by default. */
                from?: string;
                /** @description Readings until this time; until now by default. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountMetricsEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    create_reconnect_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The account. */
                account_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectLinkEnvelope"];
                };
            };
            /** @description The request is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    connect_credential_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectCredentialRequest"];
            };
        };
        responses: {
            /** @description The account was there and is renewed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The account is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The body is refused, or the platform refuses the credentials. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has as many accounts as it may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description This server cannot connect the platform: it has no connector or no app. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The platform or the database cannot be asked at the moment. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    create_connect_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConnectLinkRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectLinkEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description This server cannot connect the platform: it has no connector or no app. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    generate_caption: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateCaptionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedCaptionsEnvelope"];
                };
            };
            /** @description The body is refused, or the provider refuses what it asks for; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The month's credits do not suffice. */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the library is full. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The provider or the database does not answer, or AI is not set up on this server; `retryable` tells which. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    generate_image: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateImageRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedImageEnvelope"];
                };
            };
            /** @description The body is refused, or the provider refuses what it asks for; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The month's credits do not suffice. */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the library is full. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The provider or the database does not answer, or AI is not set up on this server; `retryable` tells which. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_analytics_breakdown: {
        parameters: {
            query?: {
                /** @description Only of this account. */
                account_id?: number;
                /** @description `day` by default. */
                by?: components["schemas"]["BreakdownBy"];
                /** @description Only of this campaign's posts. */
                campaign_id?: number;
                /** @description The beginning of a custom period; by `day` 20 years before its end at most. */
                from?: string;
                /** @description `month` by default; `custom` where only `from` and `to` are sent. */
                period?: components["schemas"]["PeriodName"];
                /**
                 * @description Only on this platform.
                 * @example instagram
                 */
                platform?: string;
                /**
                 * @description The time zone (IANA) that the days are of; the queue's, or UTC, by default.
                 * @example Europe/Berlin
                 */
                timezone?: string;
                /** @description The end of a custom period. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalyticsBreakdownEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_analytics_summary: {
        parameters: {
            query?: {
                /** @description The beginning of a custom period. */
                from?: string;
                /** @description `month` by default; `custom` where only `from` and `to` are sent. */
                period?: components["schemas"]["PeriodName"];
                /** @description The end of a custom period. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalyticsSummaryEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    begin_device_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BeginDeviceLoginRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCodeEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Too many requests from this address; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    poll_device_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PollDeviceLoginRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceTokenEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The organization has as many keys as it may. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Too many requests from this address; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    connect_bluesky: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectBlueskyRequest"];
            };
        };
        responses: {
            /** @description The account was there and is renewed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The account is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The body is refused, or the platform refuses the credentials. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has as many accounts as it may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description This server cannot connect the platform: it has no connector or no app. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The platform or the database cannot be asked at the moment. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    connect_discord: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectDiscordRequest"];
            };
        };
        responses: {
            /** @description The account was there and is renewed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The account is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The body is refused, or the platform refuses the credentials. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has as many accounts as it may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description This server cannot connect the platform: it has no connector or no app. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The platform or the database cannot be asked at the moment. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    poll_social_connect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialConnectStateEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    start_social_connect: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartSocialConnectRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialConnectEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    connect_telegram: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectTelegramRequest"];
            };
        };
        responses: {
            /** @description The account was there and is renewed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The account is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccountEnvelope"];
                };
            };
            /** @description The body is refused, or the platform refuses the credentials. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has as many accounts as it may. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description This server cannot connect the platform: it has no connector or no app. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The platform or the database cannot be asked at the moment. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_best_times: {
        parameters: {
            query?: {
                /**
                 * @description Accounts, separated by commas.
                 * @example 3121,3127
                 */
                account_ids?: string;
                /**
                 * @description All the workspace's accounts on this platform.
                 * @example linkedin
                 */
                platform?: string;
                /**
                 * @description An IANA zone; that of the posting queue by default, or UTC.
                 * @example Europe/Berlin
                 */
                timezone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BestTimesEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_campaigns: {
        parameters: {
            query?: {
                /** @description Page size, 50 by default. */
                limit?: number;
                /** @description Campaigns to pass over. */
                offset?: number;
                /** @description Where they stand. */
                status?: components["schemas"]["CampaignState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignListEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    create_campaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCampaignRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_campaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign. */
                campaign_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_campaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign. */
                campaign_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedCampaignEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    update_campaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign. */
                campaign_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCampaignRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: {
                /** @description These events alone, separated by commas. */
                events?: components["schemas"]["EventName"][];
                /** @description As the header `Last-Event-ID`, for readers that cannot send one. */
                last_event_id?: string;
            };
            header?: {
                /** @description Go on after this event. */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of server-sent events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description A `cursor`, or the id of an event: what came after it. From the oldest on without it. */
                after?: string;
                /** @description These events alone, separated by commas. */
                events?: components["schemas"]["EventName"][];
                /** @description Page size, 20 by default. */
                limit?: number;
                /** @description What happened at or after this time, in place of `after`. */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventListEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_media: {
        parameters: {
            query?: {
                /** @description A `next_cursor`, to get the page after that one; with the same type. */
                cursor?: string;
                /** @description Page size, 20 by default. */
                limit?: number;
                /** @description Items to pass over. */
                offset?: number;
                /** @description Only this kind. */
                type?: "image" | "video" | "document";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaListEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_media: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The library item. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_media: {
        parameters: {
            query?: {
                /** @description Also when a post that has not gone out yet carries it; the post fails then. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description The library item. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedMediaEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Posts that have not gone out yet carry it; `details.post_ids` names them. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    complete_upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The library item. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CompleteUploadRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompletedUploadEnvelope"];
                };
            };
            /** @description The bytes were never sent. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The same file is being removed at this moment, or the database cannot be reached; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    begin_upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginUploadRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BegunUploadEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the library is full. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The file or the body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON, or the file is of a type that is not taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    import_media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportMediaRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedMediaEnvelope"];
                };
            };
            /** @description The body is refused, or the address cannot be fetched; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the library is full. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The file or the body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON, or the file is of a type that is not taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The same file is being removed at this moment, or the database cannot be reached; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_platform_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformRulesEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_posts: {
        parameters: {
            query?: {
                /** @description Posts that target this account. */
                account_id?: number;
                /**
                 * @description One or more of not_required, requested, approved, changes_requested.
                 * @example requested
                 */
                approval?: string;
                /** @description Posts of this campaign. */
                campaign_id?: number;
                /** @description Made at or after. */
                created_after?: string;
                /** @description Made at or before. */
                created_before?: string;
                /** @description A `next_cursor`, to get the page after that one; with the same filters, sort and order. */
                cursor?: string;
                /** @description Page size, 20 by default. */
                limit?: number;
                /** @description Posts to pass over. */
                offset?: number;
                /** @description desc by default. */
                order?: "desc" | "asc";
                /**
                 * @description One or more platform names.
                 * @example x,linkedin
                 */
                platform?: string;
                /** @description Live on an account at or after. */
                published_after?: string;
                /** @description Live on an account at or before. */
                published_before?: string;
                /** @description Scheduled for at or after. */
                scheduled_after?: string;
                /** @description Scheduled for at or before. */
                scheduled_before?: string;
                /**
                 * @description Words that the text has, in whatever order, case and with or without accents. Nothing but the
                 *     spaces between them has a meaning.
                 */
                search?: string;
                /** @description What to sort by; created_at by default. */
                sort?: "created_at" | "scheduled_for" | "published_at" | "updated_at";
                /**
                 * @description One or more of draft, scheduled, publishing, published, partially_failed, failed.
                 * @example scheduled,published
                 */
                status?: string;
                /** @description Changed at or after: for polling. */
                updated_after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostListEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    create_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePostRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedPostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The same failed for good too often, or the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_post: {
        parameters: {
            query?: {
                /**
                 * @description Platforms whose live copies are removed, separated by commas. Only X takes part.
                 * @example x
                 */
                delete_on_platforms?: string;
            };
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedPostEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    update_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePostRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    approve_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApprovePostRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_post_attempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostAttemptsEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_post_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostMetricsEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    request_post_approval: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RequestApprovalRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    request_post_changes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestChangesRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    resolve_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolvePostRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResolvedPostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_post_results: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultsEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    retry_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryPostRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetriedPostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    schedule_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draft. */
                post_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SchedulePostRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledPostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    bulk_create_posts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkCreateRequest"];
            };
        };
        responses: {
            /** @description All were made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkCreatedEnvelope"];
                };
            };
            /** @description Some were made. */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkCreatedEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description None was made, or the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkRefused"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    bulk_schedule_posts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkScheduleRequest"];
            };
        };
        responses: {
            /** @description A dry run: nothing was made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkScheduleDryRunEnvelope"];
                };
            };
            /** @description All were made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkCreatedEnvelope"];
                };
            };
            /** @description Some were made. */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkCreatedEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description None was made, or the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkRefused"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    export_posts: {
        parameters: {
            query?: {
                /** @description Posts that target this account. */
                account_id?: number;
                /**
                 * @description One or more of not_required, requested, approved, changes_requested.
                 * @example requested
                 */
                approval?: string;
                /** @description Posts of this campaign. */
                campaign_id?: number;
                /** @description Made at or after. */
                created_after?: string;
                /** @description Made at or before. */
                created_before?: string;
                /** @description A `next_cursor`, to get the page after that one; with the same filters, sort and order. */
                cursor?: string;
                /** @description json by default. */
                format?: "csv" | "json";
                /** @description Page size, 20 by default. */
                limit?: number;
                /** @description Posts to pass over. */
                offset?: number;
                /** @description desc by default. */
                order?: "desc" | "asc";
                /**
                 * @description One or more platform names.
                 * @example x,linkedin
                 */
                platform?: string;
                /** @description Live on an account at or after. */
                published_after?: string;
                /** @description Live on an account at or before. */
                published_before?: string;
                /** @description Scheduled for at or after. */
                scheduled_after?: string;
                /** @description Scheduled for at or before. */
                scheduled_before?: string;
                /**
                 * @description Words that the text has, in whatever order, case and with or without accents. Nothing but the
                 *     spaces between them has a meaning.
                 */
                search?: string;
                /** @description What to sort by; created_at by default. */
                sort?: "created_at" | "scheduled_for" | "published_at" | "updated_at";
                /**
                 * @description One or more of draft, scheduled, publishing, published, partially_failed, failed.
                 * @example scheduled,published
                 */
                status?: string;
                /** @description Changed at or after: for polling. */
                updated_after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, without the envelope of other answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/csv": string;
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    import_posts: {
        parameters: {
            query?: {
                /**
                 * @description Names that the file uses for accounts and the accounts' ids, as JSON.
                 * @example {"instagram": 3121}
                 */
                account_mapping?: string;
                /** @description Say what would become of the posts, and make nothing. */
                dry_run?: boolean;
                /** @description What the file is; found out by looking without it, or with `auto`. */
                format?: "csv" | "json" | "postiz" | "mixpost";
                /**
                 * @description The zone whose clocks the file's times are of where they name none; UTC by default.
                 * @example Europe/Berlin
                 */
                timezone?: string;
            };
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/json": unknown;
                "text/csv": string;
            };
        };
        responses: {
            /** @description A dry run, or nothing was left to make. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedPostsEnvelope"];
                };
            };
            /** @description Posts were made, and nothing is left. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedPostsEnvelope"];
                };
            };
            /** @description Some were made or there already, and some were not. */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedPostsEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description None could be made, or the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRefused"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    retry_failed_posts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryFailedRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetriedPostsEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    validate_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePostRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidatedPostEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_queue: {
        parameters: {
            query?: {
                /** @description How many free slots to show, 10 by default. */
                preview?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueForecastEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_queue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedQueueEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    set_queue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetQueueRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueForecastEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookListEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhookEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedWebhookEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    update_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhookRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    list_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description A `next_cursor`, to get the page after that one; with the same filters. */
                cursor?: string;
                /** @description What they tell of. */
                event?: components["schemas"]["EventName"];
                /** @description Page size, 20 by default. */
                limit?: number;
                /** @description Deliveries to pass over. */
                offset?: number;
                /** @description Where they stand. */
                status?: "pending" | "delivered" | "dead";
            };
            header?: never;
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryListEnvelope"];
                };
            };
            /** @description A parameter has a bad value. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_webhook_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The delivery. */
                delivery_id: string;
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    replay_webhook_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The delivery. */
                delivery_id: string;
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedDeliveryEnvelope"];
                };
            };
            /** @description The request is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    requeue_webhook_deliveries: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RequeueDeliveriesRequest"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequeuedDeliveriesEnvelope"];
                };
            };
            /** @description The body is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope, or the organization has what its plan allows. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    test_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request: sent again within 24 hours it does nothing more and gets the same answer, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestedWebhookEnvelope"];
                };
            };
            /** @description The request is refused; `code` and `details` say why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key is missing, malformed, unknown, revoked or expired. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The key lacks the scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description No such thing in this workspace. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The path does not take this method; see Allow. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description Its state forbids it, or a request with the same Idempotency-Key is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The Idempotency-Key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A limit of the key is reached; see Retry-After. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description A fault of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description The database cannot be reached at the moment; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
}
