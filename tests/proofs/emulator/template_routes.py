"""The routes of a template, as CloudFormation expanded it."""

import re


class Route:
    """A route: `authorizer` is the logical id of a function, or None."""

    def __init__(self, method, path, function, authorizer):
        self.method, self.path, self.function, self.authorizer = method, path, function, authorizer
        self.key = f"{method} {path}"
        if path.endswith("/"):
            raise ValueError(f"{self.key}: API Gateway knows no route that ends with a slash")


def function_of(uri):
    """The logical id of the function in the ARN of an integration or an
    authorizer, before its intrinsic functions are resolved."""
    text = uri["Fn::Sub"]
    text, given = text if isinstance(text, list) else (text, {})
    name = re.search(r"/functions/\$\{([^}]+)\}/invocations", text)[1]
    if name in given:
        return given[name]["Fn::GetAtt"][0]
    return name.removesuffix(".Arn")


def routes_of(template):
    """The routes of the one HTTP API of an expanded template. What
    infra/local/src/gateway does otherwise than the template says is an error."""
    apis = [r for r in template["Resources"].values() if r["Type"] == "AWS::ApiGatewayV2::Api"]
    if len(apis) != 1:
        raise ValueError(f"the template has {len(apis)} HTTP APIs, and not one")
    body = apis[0]["Properties"]["Body"]
    schemes = body.get("components", {}).get("securitySchemes", {})
    authorizers = {}
    for name, scheme in schemes.items():
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        expected = {
            "type": "request",
            "authorizerPayloadFormatVersion": "2.0",
            "enableSimpleResponses": True,
            "identitySource": ["$request.header.Authorization"],
        }
        for key, value in expected.items():
            if authorizer.get(key) != value:
                raise ValueError(f"authorizer {name}: {key} is {authorizer.get(key)!r}; the gateway knows {value!r}")
        authorizers[name] = function_of(authorizer["authorizerUri"])
    routes = []
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            integration = operation["x-amazon-apigateway-integration"]
            if (integration["type"], integration["payloadFormatVersion"]) != ("aws_proxy", "2.0"):
                raise ValueError(f"{method} {path}: the gateway knows integrations of payload format 2.0")
            schemes = [name for entry in operation.get("security", []) for name in entry]
            if len(schemes) > 1:
                raise ValueError(f"{method} {path} has {len(schemes)} authorizers: {schemes}")
            # An open route names a scheme that is not there: NONE.
            authorizer = authorizers.get(schemes[0]) if schemes else None
            routes.append(Route(method.upper(), path, function_of(integration["uri"]), authorizer))
    return routes
