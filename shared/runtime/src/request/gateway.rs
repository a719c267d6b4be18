//! What API Gateway says of a request.

use lambda_http::{
    Request, RequestExt as _, aws_lambda_events::apigw::ApiGatewayV2httpRequestContext,
    request::RequestContext,
};
use serde_json::Value;

/// The context of a request (payload format 2.0). None where the event came from
/// elsewhere.
pub(crate) fn context(request: &Request) -> Option<&ApiGatewayV2httpRequestContext> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => Some(context),
        _ => None,
    }
}

/// A field of what the authorizer handed on.
pub(crate) fn authorized<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let fields = &context(request)?.authorizer.as_ref()?.fields;
    fields.get(name).and_then(Value::as_str)
}
