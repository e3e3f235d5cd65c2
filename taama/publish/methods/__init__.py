"""Pure methods of publish: how pages and reports are arranged and worded, and the statement checker."""
