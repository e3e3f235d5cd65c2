"""The OpenAPI document of our own interface, made from its description."""

from taama.base.messages import message
from taama.opendata.api.description import ENDPOINTS, SCHEMAS, VERSION


def document(language):
    """OpenAPI 3.1 as a dict, its texts in one language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "taama",
            "version": VERSION,
            "description": str(message("opendata.api_about", language)),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {endpoint.path: {"get": _operation(endpoint, language)} for endpoint in ENDPOINTS},
        "components": {"schemas": {name: schema(fields, language) for name, fields in SCHEMAS.items()}},
    }


def schema(fields, language):
    """Every field is always there; what is not known is null."""
    described = {
        name: field.schema | {"description": getattr(field, language)} for name, field in fields.items()
    }
    return {
        "type": "object",
        "properties": described,
        "required": list(fields),
        "additionalProperties": False,
    }


def _operation(endpoint, language):
    return {
        "operationId": endpoint.name,
        "summary": getattr(endpoint, language),
        "parameters": [_parameter(parameter, language) for parameter in endpoint.parameters],
        "responses": {
            "200": _answer(endpoint.answer, getattr(endpoint, language)),
            "304": {"description": str(message("opendata.api_unchanged", language))},
            "400": _answer("Error", str(message("opendata.api_refused", language))),
            "404": _answer("Error", str(message("opendata.api_absent", language))),
            "410": _answer("Error", str(message("opendata.api_withdrawn", language))),
        },
    }


def _parameter(parameter, language):
    return {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.in_path,
        "description": getattr(parameter, language),
        "schema": parameter.schema,
    }


def _answer(name, description):
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"description": description, "content": content}
