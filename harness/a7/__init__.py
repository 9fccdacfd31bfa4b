"""A7 testbenches written by a Claude model through Anthropic's API; the SDK is imported only when it is called."""
