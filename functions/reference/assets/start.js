SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    docExpansion: "list",
    filter: true,
    tagsSorter: "alpha",
    // No address of somebody else's.
    validatorUrl: null,
});
