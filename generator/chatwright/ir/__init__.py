"""The intermediate schema: a document's meaning, in the words of OpenAPI and JSON Schema."""
