//! The protocol's side: what the server says of itself, the list of tools, and calls.

use std::sync::{Arc, LazyLock};

use rmcp::ErrorData;
use rmcp::RoleServer;
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool as ListedTool, ToolAnnotations,
};
use rmcp::service::RequestContext;

use crate::api::Api;
use crate::tools::{self, Effect, Tool};
use crate::{arguments, outcome};

const INSTRUCTIONS: &str = "Publishes posts to connected social media accounts. Call list_accounts first to \
    learn the account ids and which accounts can post. Check a post with validate_post before you create it: \
    it says for each account what its platform would refuse. Save a post that a person should see first with \
    create_post and draft: true, and publish it with schedule_post once they agree. Publishing takes a \
    moment: ask get_post_results until every destination is published or failed. What is published is public \
    and cannot be taken back here.";

/// Which tools are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// All.
    Everything,
    /// All but the making of images.
    NoImages,
}

impl Offer {
    fn has(self, tool: &Tool) -> bool {
        self == Self::Everything || tool.name != "generate_image"
    }
}

/// The caller's key, as it came with the request.
#[derive(Clone)]
pub(crate) struct Key(pub(crate) String);

/// The server of one connection or request.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) api: Arc<dyn Api>,
    pub(crate) offer: Offer,
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let mut itself = Implementation::new("fanfare", env!("CARGO_PKG_VERSION"));
        itself.title = Some("Fanfare".to_owned());
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(itself)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        static LISTED: LazyLock<Vec<(&Tool, ListedTool)>> =
            LazyLock::new(|| tools::all().map(|tool| (tool, listed(tool))).collect());
        let offered = LISTED.iter().filter(|(tool, _)| self.offer.has(tool));
        Ok(ListToolsResult::with_all_items(offered.map(|(_, listed)| listed.clone()).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::find(&request.name).filter(|tool| self.offer.has(tool)) else {
            return Err(ErrorData::invalid_params(format!("There is no tool \"{}\".", request.name), None));
        };
        let given = request.arguments.unwrap_or_default();
        let ask = match arguments::ask(tool, given.clone()) {
            Ok(ask) => ask,
            Err(complaint) => return Ok(outcome::failure(&complaint).into()),
        };
        let key = context.extensions.get::<::http::request::Parts>();
        let key = key.and_then(|parts| parts.extensions.get::<Key>()).map(|key| key.0.as_str());
        match self.api.ask(ask, key).await {
            Ok(answer) => Ok(outcome::of(tool, &given, &answer).into()),
            Err(error) => Err(ErrorData::internal_error(error.to_string(), None)),
        }
    }
}

fn listed(tool: &Tool) -> ListedTool {
    let annotations = ToolAnnotations::from_raw(
        None,
        Some(tool.effect == Effect::Reads),
        Some(matches!(tool.effect, Effect::Overwrites | Effect::Deletes)),
        Some(tool.effect != Effect::Adds),
        Some(tool.reaches_out),
    );
    let mut listed = ListedTool::new(tool.name, tool.about, Arc::new(tools::schema_of(tool.takes)));
    listed.title = Some(tool.title.to_owned());
    listed.annotations = Some(annotations);
    listed
}
