// Short names for what the API sends and takes.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccountHealthReport = Schemas["AccountHealthReport"];
export type AnalyticsSummary = Schemas["AnalyticsSummary"];
export type AnalyticsBreakdown = Schemas["AnalyticsBreakdown"];
export type AttemptEntry = Schemas["AttemptEntry"];
export type BestTimes = Schemas["BestTimes"];
export type Campaign = Schemas["Campaign"];
export type ConnectLink = Schemas["ConnectLink"];
export type CreatePostRequest = Schemas["CreatePostRequest"];
export type CreatedPost = Schemas["CreatedPost"];
export type Destination = Schemas["Destination"];
export type DestinationReadings = Schemas["DestinationReadings"];
export type ErrorInfo = Schemas["ErrorInfo"];
export type EventName = Schemas["EventName"];
export type ImportedPosts = Schemas["ImportedPosts"];
export type Me = Schemas["Me"];
export type Media = Schemas["Media"];
export type Platform = Schemas["Platform"];
export type PlatformContentEntry = Schemas["PlatformContentEntry"];
export type Post = Schemas["Post"];
export type PostMedia = Schemas["PostMedia"];
export type PostReading = Schemas["PostReading"];
export type PostStatus = Schemas["PostStatus"];
export type QueueForecast = Schemas["QueueForecast"];
export type QueueSlot = Schemas["QueueSlot"];
export type ValidatedDestination = Schemas["ValidatedDestination"];
export type ValidatedPost = Schemas["ValidatedPost"];
export type ValidationEntry = Schemas["ValidationEntry"];
export type Webhook = Schemas["Webhook"];
export type CreatedWebhook = Schemas["CreatedWebhook"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
