//! The OpenAPI 3.1 document, made from the routes.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::Response;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, Info, License, ObjectBuilder, OpenApi, Required, ResponseBuilder, SecurityRequirement,
    Server,
};
use utoipa::{IntoResponses, OpenApi as _};

use crate::envelope::bare;
use crate::routes;
use crate::wire::ErrorEnvelope;

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(ErrorEnvelope)))]
struct Base;

/// The document.
pub fn openapi() -> OpenApi {
    let (_, mut document) = utoipa_axum::router::OpenApiRouter::with_openapi(Base::openapi())
        .merge(routes::documented())
        .split_for_parts();
    let mut info = Info::new("Fanfare", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "One API call publishes a post to every connected social account, now or at a set time, \
         exactly once. Every answer is JSON in one envelope: `data`, `error`, `meta`."
            .to_owned(),
    );
    let mut license = License::new("Apache-2.0 OR MIT");
    license.identifier = Some("Apache-2.0 OR MIT".to_owned());
    info.license = Some(license);
    document.info = info;
    note_idempotency(&mut document);
    document.servers = Some(vec![Server::new("/api/v1")]);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("pe_live_ and 32 hexadecimal characters")
        .build();
    document
        .components
        .get_or_insert_with(utoipa::openapi::Components::new)
        .add_security_scheme("api_key", SecurityScheme::Http(bearer));
    document.security = Some(vec![SecurityRequirement::new("api_key", Vec::<String>::new())]);
    document
}

/// Every POST of a caller with a key may be named by the caller, so that it is done once.
fn note_idempotency(document: &mut OpenApi) {
    let refused = |text: &str| {
        let schema = utoipa::openapi::Ref::from_schema_name("ErrorEnvelope");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new().description(text).content("application/json", content).build()
    };
    for (path, item) in &mut document.paths.paths {
        let Some(operation) = item.post.as_mut().filter(|_| !path.starts_with("/auth/device")) else {
            continue;
        };
        let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
        let header = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Names the request: sent again within 24 hours it does nothing more and gets the same answer, \
                 with the header `Idempotency-Replayed: true`.",
            ))
            .schema(Some(key.pattern(Some("^[ -~]*[!-~][ -~]*$")).build()))
            .build();
        operation.parameters.get_or_insert_default().push(header.into());
        for (status, text) in [
            ("400", "The request is refused; `code` and `details` say why."),
            ("409", "Its state forbids it, or a request with the same Idempotency-Key is being answered."),
            ("422", "The Idempotency-Key was used for another request."),
        ] {
            let responses = &mut operation.responses.responses;
            if !responses.contains_key(status) {
                responses.insert(status.to_owned(), refused(text).into());
            }
        }
    }
}

/// `GET /openapi.json`
pub(crate) async fn serve() -> Response {
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| serde_json::to_vec(&openapi()).unwrap_or_default().into());
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "max-age=300")];
    bare((headers, DOCUMENT.clone()))
}

macro_rules! error_sets {
    ($($(#[$doc:meta])* $name:ident { $($status:literal $variant:ident $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[expect(dead_code, reason = "names the answers for the document")]
        pub(crate) enum $name {
            $(
                #[doc = $text]
                #[response(status = $status)]
                $variant(ErrorEnvelope),
            )*
        }
    )*};
}

error_sets! {
    /// Errors of a look-up without parameters.
    ReadErrors {
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of a list.
    ListErrors {
        400 Invalid "A parameter has a bad value.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of a look-up by id.
    ItemErrors {
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of doing something with a thing, without a body.
    ActionErrors {
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        409 Conflict "Its state forbids it.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of changing something whose state does not matter.
    EditErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of having something written or painted.
    AiErrors {
        400 Invalid "The body is refused, or the provider refuses what it asks for; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        402 Credits "The month's credits do not suffice.",
        403 Forbidden "The key lacks the scope, or the library is full.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The provider or the database does not answer, or AI is not set up on this server; `retryable` tells which.",
    }
    /// Errors of creating something.
    WriteErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope, or the organization has what its plan allows.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of changing something.
    ChangeErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope, or the organization has what its plan allows.",
        404 NotFound "No such thing in this workspace.",
        409 Conflict "Its state forbids it.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of making a link that connects an account.
    LinkErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        409 Conflict "This server cannot connect the platform: it has no connector or no app.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of connecting an account.
    ConnectErrors {
        400 Invalid "The body is refused, or the platform refuses the credentials.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope, or the organization has as many accounts as it may.",
        409 Conflict "This server cannot connect the platform: it has no connector or no app.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The platform or the database cannot be asked at the moment.",
    }
    /// Errors of what needs no key.
    OpenErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        429 RateLimited "Too many requests from this address; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of beginning an upload.
    UploadErrors {
        400 Invalid "The body is refused; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope, or the library is full.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The file or the body is too large.",
        415 UnsupportedType "The body is not JSON, or the file is of a type that is not taken.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of fetching a file into the library.
    MediaErrors {
        400 Invalid "The body is refused, or the address cannot be fetched; `code` and `details` say why.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope, or the library is full.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The file or the body is too large.",
        415 UnsupportedType "The body is not JSON, or the file is of a type that is not taken.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The same file is being removed at this moment, or the database cannot be reached; try again.",
    }
    /// Errors of completing an upload.
    CompleteErrors {
        400 Invalid "The bytes were never sent.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        413 TooLarge "The body is too large.",
        415 UnsupportedType "The body is not JSON.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The same file is being removed at this moment, or the database cannot be reached; try again.",
    }
    /// Errors of deleting media.
    MediaDeleteErrors {
        400 Invalid "A parameter has a bad value.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        409 InUse "Posts that have not gone out yet carry it; `details.post_ids` names them.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
    /// Errors of deleting something, and of whatever else takes parameters beside an id.
    DeleteErrors {
        400 Invalid "A parameter has a bad value.",
        401 Unauthorized "The key is missing, malformed, unknown, revoked or expired.",
        403 Forbidden "The key lacks the scope.",
        404 NotFound "No such thing in this workspace.",
        405 MethodNotAllowed "The path does not take this method; see Allow.",
        429 RateLimited "A limit of the key is reached; see Retry-After.",
        500 Internal "A fault of this server.",
        503 Unavailable "The database cannot be reached at the moment; try again.",
    }
}
