"""The data API of an org and of its Tooling API, room by room."""
