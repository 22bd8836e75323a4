"""Rule sets over HTTP and MCP."""
